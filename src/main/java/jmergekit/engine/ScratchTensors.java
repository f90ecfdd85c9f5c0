package jmergekit.engine;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import jmergekit.model.InputFile;
import jmergekit.plan.Source;
import jmergekit.tensor.TensorSpec;
import jmergekit.weights.ScratchFile;
import jmergekit.weights.TensorEntry;
import jmergekit.weights.WeightHeader;

/// A scratch file of tensors that are computed before a run and copied by it. Thread-safe for
/// different parts of the tensors.
public final class ScratchTensors implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;
    private final SortedMap<String, TensorEntry> tensors = new TreeMap<>();
    private long end;

    private ScratchTensors(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /// @param file must not exist
    public static ScratchTensors create(Path file) {
        return new ScratchTensors(file, ScratchFile.open(file));
    }

    /// Receives the data of one tensor.
    public interface Sink {
        void write(long byteOffset, MemorySegment bytes);
    }

    /// Allocates space for a tensor, replacing an earlier one with the same name.
    public synchronized Sink add(TensorSpec spec) {
        long begin = end;
        tensors.put(spec.name(), new TensorEntry(spec, begin));
        end += spec.bytes();
        return (offset, bytes) -> write(begin + offset, bytes.asByteBuffer());
    }

    private void write(long position, ByteBuffer bytes) {
        try {
            long next = position;
            while (bytes.hasRemaining()) {
                next += channel.write(bytes, next);
            }
        } catch (IOException e) {
            throw ScratchFile.failed(file, e);
        }
    }

    public synchronized TensorSpec spec(String name) {
        return entry(name).spec();
    }

    private TensorEntry entry(String name) {
        TensorEntry entry = tensors.get(name);
        if (entry == null) {
            throw new IllegalArgumentException("tensor '%s' was not added".formatted(name));
        }
        return entry;
    }

    /// All data of a small tensor.
    public synchronized byte[] read(String name) {
        TensorEntry tensor = entry(name);
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(tensor.spec().bytes()));
        try {
            while (bytes.hasRemaining()) {
                if (channel.read(bytes, tensor.begin() + bytes.position()) < 0) {
                    throw new IOException("it is shorter than the data written to it");
                }
            }
            return bytes.array();
        } catch (IOException e) {
            throw ScratchFile.failed(file, e);
        }
    }

    /// A header for the file, although the file itself has none.
    private record Contents(Path file, long fileSize, List<TensorEntry> entries)
            implements WeightHeader {}

    /// The tensors as plan sources, sorted by name. Their file is in the folder
    /// [InputFolders#SCRATCH].
    public synchronized List<Source.Stored> stored() {
        List<TensorEntry> places =
                tensors.values().stream()
                        .sorted(Comparator.comparingLong(TensorEntry::begin))
                        .toList();
        Contents header = new Contents(file, end, places);
        InputFile input =
                new InputFile(
                        InputFolders.SCRATCH,
                        header.fileName(),
                        header.fileSize(),
                        header.digest(),
                        "");
        return tensors.values().stream().map(e -> new Source.Stored(input, e)).toList();
    }

    /// Does not delete the file.
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw ScratchFile.failed(file, e);
        }
    }
}
