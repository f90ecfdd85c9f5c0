package jmergekit.cuda;

import java.lang.foreign.MemorySegment;
import jmergekit.primitive.OutputTensor;

/// A chunk of a tensor in device memory during one pass, with the additional memory that the pass
/// may use.
final class DeviceChunk {
    /// Number of 64-bit values of a `Chunk` in `kernels.cu`.
    private static final int DESCRIPTION = 6;

    private final DeviceStream stream;
    private final SourcesOnHost host;
    private final LoadedChunk loaded;
    private final Segments segments;
    private final long segmentsAddress;

    DeviceChunk(DeviceStream stream, SourcesOnHost host, LoadedChunk loaded, Segments segments) {
        this.stream = stream;
        this.host = host;
        this.loaded = loaded;
        this.segments = segments;
        this.segmentsAddress = describe(segments, part().first(), segmentCount());
    }

    DeviceStream stream() {
        return stream;
    }

    /// The index in the tensor of the chunk's first element.
    long from() {
        return loaded.from();
    }

    /// The number of elements of the chunk.
    long n() {
        return loaded.n();
    }

    Segments.Part part() {
        return loaded.part();
    }

    /// The number of segments of the chunk.
    int segmentCount() {
        return Math.toIntExact(part().end() - part().first());
    }

    /// The number of rows, or runs of rows, of the chunk.
    int rowCount() {
        return Math.toIntExact(rowsEnd() - firstRow());
    }

    /// The first row, or run, of the chunk.
    long firstRow() {
        Segments rows = segments.rows();
        return segments.areWholeRows() ? from() / rows.rowLength() : part().first();
    }

    private long rowsEnd() {
        Segments rows = segments.rows();
        return segments.areWholeRows() ? (from() + n()) / rows.rowLength() : part().end();
    }

    /// The chunk divided into segments, for kernels.
    long segments() {
        return segmentsAddress;
    }

    /// The chunk divided into rows, or runs of rows, for kernels.
    long rows() {
        return describe(segments.rows(), firstRow(), rowCount());
    }

    private long describe(Segments pieces, long first, int count) {
        long[] description = new long[DESCRIPTION];
        description[0] = from();
        description[1] = n();
        description[2] = pieces.rowLength();
        description[3] = pieces.length();
        description[4] = first;
        description[5] = (long) pieces.runs() << 32 | count;
        return stream.uploaded(MemorySegment.ofArray(description));
    }

    /// The device address of a source's elements.
    long source(int source) {
        return loaded.sources()[source];
    }

    /// The dtype of a source's elements.
    int type(int source) {
        return ElementType.of(host.dtype(source));
    }

    /// The sources without factors or masks.
    Operands operands() {
        Operands operands = new Operands(host.count());
        for (int i = 0; i < host.count(); i++) {
            operands.data(i, source(i), type(i));
        }
        return operands;
    }

    long upload(Operands operands) {
        return stream.uploaded(operands.bytes());
    }

    /// Allocates memory for the output elements of a pass.
    long allocateOutput(OutputTensor output) {
        return stream.allocate(n() * output.spec().dtype().bytes());
    }

    /// Writes the output elements of this chunk.
    void write(long made, OutputTensor output) {
        long size = output.spec().dtype().bytes();
        stream.download(
                made, n() * size, (offset, bytes) -> output.write(from() * size + offset, bytes));
    }

    /// Waits for the kernels, and returns what they wrote at `from`.
    int[] ints(long from, int count) {
        int[] values = new int[count];
        stream.download(from, MemorySegment.ofArray(values));
        return values;
    }

    /// Waits for the kernels, and returns what they wrote at `from`.
    double[] doubles(long from, int count) {
        double[] values = new double[count];
        stream.download(from, MemorySegment.ofArray(values));
        return values;
    }
}
