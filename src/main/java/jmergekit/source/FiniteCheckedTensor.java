package jmergekit.source;

import jmergekit.primitive.OutputTensor;
import jmergekit.primitive.SourceTensor;
import jmergekit.tensor.NonFinite;

/// A source that tells the output where it is not finite, for combinations that leave out elements:
/// in a sum of all of them NaN and infinity show by themselves.
public record FiniteCheckedTensor(SourceTensor tensor, OutputTensor output)
        implements DerivedTensor {
    @Override
    public void read(long from, int n, float[] into) {
        tensor.read(from, n, into);
        if (NonFinite.any(into, n)) {
            output.sourceIsNotFinite();
        }
    }
}
