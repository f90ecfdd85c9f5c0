package jmergekit.lora;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import jmergekit.engine.InputFolders;
import jmergekit.model.InputFile;
import jmergekit.plan.Source;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;
import jmergekit.weights.TensorEntry;
import jmergekit.weights.WeightHeader;

/// A scratch file that holds the factors until all ranks are known: only then can the adapter's header
/// be written, and it comes first. Thread-safe, one thread for each tensor.
final class FactorStore implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;
    private final SortedMap<String, TensorEntry> tensors = new TreeMap<>();
    private long end;

    private FactorStore(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    static FactorStore create(Path file) {
        try {
            return new FactorStore(
                    file,
                    FileChannel.open(
                            file,
                            StandardOpenOption.CREATE_NEW,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE));
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    /// Makes room for a tensor; the result takes its data.
    synchronized Factor.Sink add(TensorSpec spec) {
        long begin = end;
        tensors.put(spec.name(), new TensorEntry(spec, begin));
        end += spec.bytes();
        return (offset, bytes) -> write(begin + offset, bytes.asByteBuffer());
    }

    /// Gives a matrix more rows and columns, of zeros.
    void enlarge(String name, Shape shape) {
        TensorEntry entry = tensors.get(name);
        TensorSpec old = entry.spec();
        int oldRow = Math.toIntExact(old.shape().size(1) * old.dtype().bytes());
        int newRow = Math.toIntExact(shape.size(1) * old.dtype().bytes());
        byte[] smaller = read(entry);
        byte[] larger = new byte[Math.toIntExact(shape.size(0) * newRow)];
        for (int row = 0; row < old.shape().size(0); row++) {
            System.arraycopy(smaller, row * oldRow, larger, row * newRow, oldRow);
        }
        add(new TensorSpec(name, old.dtype(), shape)).write(0, MemorySegment.ofArray(larger));
    }

    private void write(long position, ByteBuffer bytes) {
        try {
            long next = position;
            while (bytes.hasRemaining()) {
                next += channel.write(bytes, next);
            }
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    private byte[] read(TensorEntry tensor) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(tensor.spec().bytes()));
        try {
            while (bytes.hasRemaining()) {
                if (channel.read(bytes, tensor.begin() + bytes.position()) < 0) {
                    throw new IOException("it is shorter than what was written");
                }
            }
            return bytes.array();
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    /// What the file says of itself, though it has no header.
    private record FactorFile(Path file, long fileSize, List<TensorEntry> entries)
            implements WeightHeader {}

    /// The tensors as a plan names them, in the order of their names.
    synchronized List<Source.Stored> stored() {
        List<TensorEntry> places =
                tensors.values().stream()
                        .sorted(Comparator.comparingLong(TensorEntry::begin))
                        .toList();
        FactorFile header = new FactorFile(file, end, places);
        InputFile input =
                new InputFile(
                        InputFolders.SCRATCH,
                        header.fileName(),
                        header.fileSize(),
                        header.digest(),
                        "");
        return tensors.values().stream().map(e -> new Source.Stored(input, e)).toList();
    }

    /// The file stays.
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    private static MergeException failed(Path file, IOException e) {
        return new MergeException(
                Problem.output(
                        file.toString(), "cannot be written or read back: " + e.getMessage()),
                e);
    }
}
