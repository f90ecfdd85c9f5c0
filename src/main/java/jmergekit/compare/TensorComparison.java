package jmergekit.compare;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import jmergekit.arch.Place;
import jmergekit.arch.Structure;
import jmergekit.primitive.Chunks;
import jmergekit.primitive.SourceTensor;
import jmergekit.tensor.Shape;
import jmergekit.tile.TileOps;

/// Measures the versions of one tensor.
///
/// @param token the reference's token for a row of an embedding table
record TensorComparison(IntFunction<Optional<String>> token, TileOps ops) {
    /// Numbers inside a layer, such as expert numbers.
    private static final Pattern NUMBER = Pattern.compile("(?<=^|\\.)\\d+(?=\\.|$)");

    TensorDifference of(VersionedTensor tensor, List<SourceTensor> versions, Chunks chunks) {
        Sums sums = new TensorSums(ops, Long.MAX_VALUE).of(versions, chunks);
        Shape shape = tensor.task().output().shape();
        return new TensorDifference(
                tensor.name(),
                tensor.place().module(),
                layer(tensor.place()),
                part(tensor),
                versions.stream().map(v -> v.dtype().toString()).toList(),
                tensor.shapes(),
                each(versions, i -> isIdentical(tensor, versions, i, sums)),
                sums,
                each(versions, i -> spectrum(versions, i, shape, sums)),
                each(versions, i -> rows(tensor, versions, i, sums, chunks)));
    }

    private static <T> List<T> each(List<SourceTensor> versions, IntFunction<T> figure) {
        return IntStream.range(0, versions.size()).mapToObj(figure).toList();
    }

    private static OptionalInt layer(Place place) {
        return place instanceof Place.InLayer in ? OptionalInt.of(in.layer()) : OptionalInt.empty();
    }

    private static String part(VersionedTensor tensor) {
        return tensor.place() instanceof Place.InLayer in
                ? NUMBER.matcher(in.rest()).replaceAll("*")
                : tensor.name();
    }

    private static boolean isIdentical(
            VersionedTensor tensor, List<SourceTensor> versions, int i, Sums sums) {
        SourceTensor reference = versions.getFirst();
        SourceTensor version = versions.get(i);
        boolean alike =
                version.dtype() == reference.dtype()
                        && tensor.shapes().get(i).equals(tensor.shapes().getFirst())
                        && sums.unchanged(i) == sums.elements();
        return i == 0 || alike && haveSameBytes(reference, version);
    }

    // Tensors computed on reading only have values, and these are equal.
    private static boolean haveSameBytes(SourceTensor reference, SourceTensor version) {
        Optional<MemorySegment> expected = reference.bytes();
        Optional<MemorySegment> found = version.bytes();
        return expected.isEmpty() || found.isEmpty() || found.get().mismatch(expected.get()) == -1;
    }

    private Optional<Spectrum> spectrum(
            List<SourceTensor> versions, int i, Shape shape, Sums sums) {
        boolean matrix = shape.rank() == 2 && shape.size(0) > 1 && shape.size(1) > 1;
        return matrix && i > 0 && sums.change(i) > 0
                ? SpectrumEstimate.of(versions.getFirst(), versions.get(i), shape.size(0), ops)
                : Optional.empty();
    }

    private Optional<TokenRows> rows(
            VersionedTensor tensor, List<SourceTensor> versions, int i, Sums sums, Chunks chunks) {
        Shape shape = tensor.task().output().shape();
        if (i == 0 || shape.rank() != 2 || !Structure.isByToken(tensor.name())) {
            return Optional.empty();
        }
        if (sums.change(i) == 0) {
            return Optional.of(new TokenRows(shape.size(0), 0, List.of()));
        }
        RowChanges changes = new RowChanges(shape.size(0), token, ops);
        return Optional.of(changes.of(versions.getFirst(), versions.get(i), chunks));
    }
}
