package jmergekit.cuda;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import jmergekit.primitive.OutputTensor;
import jmergekit.primitive.SourceTensor;
import jmergekit.tensor.DType;
import jmergekit.tensor.NonFinite;
import jmergekit.tile.TileOps;

/// The sources of one tensor in the form in which they are copied to a device: stored elements
/// unchanged, and computed ones as float32 from the host.
final class SourcesOnHost {
    private final List<SourceTensor> sources;
    private final OutputTensor output;

    /// @param output is notified of sources that are not finite
    SourcesOnHost(List<SourceTensor> sources, OutputTensor output) {
        this.sources = sources;
        this.output = output;
    }

    int count() {
        return sources.size();
    }

    /// The dtype of a source's elements on the device.
    DType dtype(int source) {
        SourceTensor tensor = sources.get(source);
        return tensor.bytes().isPresent() ? tensor.dtype() : DType.F32;
    }

    /// The total bytes of one element of every source.
    long bytesOfElement() {
        long bytes = 0;
        for (int i = 0; i < count(); i++) {
            bytes += dtype(i).bytes();
        }
        return bytes;
    }

    /// Copies `n` elements of a source, starting at element `from`.
    void upload(int source, long from, long n, DeviceStream stream, long to) {
        SourceTensor tensor = sources.get(source);
        long size = dtype(source).bytes();
        stream.upload(
                to,
                n * size,
                size,
                (at, piece) -> {
                    long elements = piece.byteSize() / size;
                    if (tensor.bytes().isPresent()) {
                        tensor.copy(from + at / size, (int) elements, piece);
                    } else {
                        compute(tensor, from, at, piece);
                    }
                    if (NonFinite.count(dtype(source), piece, 0, elements) > 0) {
                        output.sourceIsNotFinite();
                    }
                });
    }

    private void compute(SourceTensor tensor, long from, long byteOffset, MemorySegment piece) {
        float[] values = new float[TileOps.TILE];
        long count = piece.byteSize() / Float.BYTES;
        long first = from + byteOffset / Float.BYTES;
        for (long i = 0; i < count; i += values.length) {
            int n = (int) Math.min(values.length, count - i);
            tensor.read(first + i, n, values);
            MemorySegment.copy(values, 0, piece, ValueLayout.JAVA_FLOAT, i * Float.BYTES, n);
        }
    }
}
