package jmergekit.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jmergekit.primitive.Matrix;
import jmergekit.primitive.OutputTensor;
import jmergekit.tensor.DType;
import jmergekit.tensor.TensorSpec;

/// Collects a tensor in memory, in float32, for a step that needs the whole result.
final class MatrixOutput implements OutputTensor {
    private final OutputTensor output;
    private final TensorSpec spec;
    private final float[] values;

    /// @param output is told of sources that are not finite
    MatrixOutput(OutputTensor output) {
        this.output = output;
        this.spec = new TensorSpec(output.spec().name(), DType.F32, output.spec().shape());
        this.values = new float[Math.toIntExact(spec.shape().elements())];
    }

    @Override
    public TensorSpec spec() {
        return spec;
    }

    @Override
    public void write(long byteOffset, MemorySegment bytes) {
        MemorySegment.copy(
                bytes,
                ValueLayout.JAVA_FLOAT_UNALIGNED,
                0,
                values,
                (int) (byteOffset / Float.BYTES),
                (int) (bytes.byteSize() / Float.BYTES));
    }

    @Override
    public void sourceIsNotFinite() {
        output.sourceIsNotFinite();
    }

    Matrix matrix() {
        return Matrix.of(spec.shape(), values);
    }
}
