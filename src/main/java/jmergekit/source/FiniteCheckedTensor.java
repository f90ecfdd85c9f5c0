package jmergekit.source;

import jmergekit.primitive.OutputTensor;
import jmergekit.primitive.SourceTensor;
import jmergekit.tensor.NonFinite;

/// A source that reports non-finite elements to the output, for combinations that leave out
/// elements: in a sum of all elements, NaN and infinity are visible in the result.
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
