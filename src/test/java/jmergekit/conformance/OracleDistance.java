package jmergekit.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;

/// How far the half-precision output of a case and the expected one are on average from the same
/// merge in float32.
///
/// @param ours mean distance of the output's elements from the oracle's
/// @param expected mean distance of the expected ones
record OracleDistance(String theCase, double ours, double expected) {
    /// Empty for a case without an oracle or an output.
    static Optional<OracleDistance> of(ConformanceCase theCase, Path output) throws IOException {
        Path oracle = theCase.expected().resolve("oracle.safetensors");
        if (!Files.exists(oracle) || !Files.exists(output)) {
            return Optional.empty();
        }
        SortedMap<String, StoredTensor> exact = Checkpoint.readFile(oracle);
        return Optional.of(
                new OracleDistance(
                        theCase.id(),
                        mean(Checkpoint.readModel(output), exact),
                        mean(Checkpoint.readModel(theCase.expected()), exact)));
    }

    private static double mean(
            SortedMap<String, StoredTensor> tensors, SortedMap<String, StoredTensor> exact) {
        double sum = 0;
        long count = 0;
        for (String name : exact.keySet()) {
            StoredTensor tensor = tensors.get(name);
            StoredTensor wanted = exact.get(name);
            if (tensor == null || tensor.count() != wanted.count()) {
                return Double.NaN;
            }
            for (int i = 0; i < wanted.count(); i++) {
                sum += Math.abs(tensor.value(i) - wanted.value(i));
            }
            count += wanted.count();
        }
        return sum / count;
    }

    double ratio() {
        return ours / expected;
    }
}
