package jmergekit.statistics;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import jmergekit.linalg.StatisticsSink;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.publish.DiskSpace;
import jmergekit.safetensors.SafetensorsLayout;
import jmergekit.threads.ExitAction;
import jmergekit.weights.IoReason;
import jmergekit.weights.ScratchFile;
import jmergekit.weights.TensorEntry;

/// A file of statistics while it is written: under another name until it is complete. It is removed
/// if the run fails or is stopped.
public final class StatisticsFile implements StatisticsSink, AutoCloseable {
    private static final int HEADER_BYTES = 1 << 16;

    private final Path target;
    private final String given;
    private final Path part;
    private final Path scratchFile;
    private final Map<String, TensorEntry> tensors = new HashMap<>();
    private final ExitAction exit;
    private final FileChannel channel;

    /// Creates the file under another name, with its header.
    ///
    /// @param given the file's name in messages
    public StatisticsFile(Path target, String given, SafetensorsLayout layout) {
        this.target = target;
        this.given = given;
        String unfinished = target.getFileName() + "." + ProcessHandle.current().pid();
        this.part = target.resolveSibling(unfinished + ".part");
        this.scratchFile = target.resolveSibling(unfinished + ".states");
        layout.entries().forEach(e -> tensors.put(e.spec().name(), e));
        this.exit = ExitAction.add(this::remove);
        try {
            this.channel =
                    FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            write(ByteBuffer.wrap(layout.head()), 0);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /// Finds problems that would prevent writing the file.
    ///
    /// @param overwrite whether an existing file of statistics may be replaced
    public static void check(Path target, String given, boolean overwrite, Problems problems) {
        Path parent = target.getParent();
        if (parent == null || Files.isDirectory(target)) {
            problems.add(Problem.output(given, "is a folder").hint("give a file in it"));
        } else if (!Files.isDirectory(parent)) {
            problems.add(
                    Problem.output(given, "its folder does not exist")
                            .hint("create the folder first"));
        } else if (!Files.isWritable(parent)) {
            problems.add(
                    Problem.output(given, "its folder is not writable")
                            .hint("choose another folder"));
        } else if (Files.exists(target) || Files.isSymbolicLink(target)) {
            if (!isStatistics(target)) {
                problems.add(
                        Problem.output(given, "the file exists and is not a file of statistics")
                                .hint("remove it, or choose another name"));
            } else if (!overwrite) {
                problems.add(
                        Problem.output(given, "the file exists")
                                .hint("choose another name, or replace it with --overwrite"));
            }
        }
    }

    private static boolean isStatistics(Path file) {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(HEADER_BYTES), StandardCharsets.ISO_8859_1)
                    .contains("\"format\":\"" + StatisticsLayout.FORMAT + "\"");
        } catch (IOException e) {
            return false;
        }
    }

    /// Finds whether the disk has too little space.
    ///
    /// @param bytes of the file and of the scratch file
    public static void checkSpace(Path target, String given, long bytes, Problems problems) {
        long free = DiskSpace.free(target.getParent());
        if (free < bytes) {
            problems.add(
                    Problem.output(given, "not enough space on the disk")
                            .expected("%d bytes".formatted(bytes))
                            .found(String.valueOf(free))
                            .hint("fewer texts, or --max-tokens, need less temporary space"));
        }
    }

    /// A scratch file next to it.
    ScratchFile scratch() {
        return ScratchFile.create(scratchFile);
    }

    @Override
    public void write(String tensor, long first, MemorySegment values) {
        TensorEntry entry = tensors.get(tensor);
        if (entry == null) {
            throw new IllegalArgumentException("no tensor '%s'".formatted(tensor));
        }
        try {
            write(littleEndian(values), entry.begin() + first * Float.BYTES);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private static ByteBuffer littleEndian(MemorySegment values) {
        ByteBuffer bytes = values.asByteBuffer();
        if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
            return bytes;
        }
        ByteBuffer turned = ByteBuffer.allocate(bytes.remaining()).order(ByteOrder.LITTLE_ENDIAN);
        bytes.order(ByteOrder.nativeOrder());
        while (bytes.hasRemaining()) {
            turned.putFloat(bytes.getFloat());
        }
        return turned.flip();
    }

    private void write(ByteBuffer bytes, long position) throws IOException {
        long next = position;
        while (bytes.hasRemaining()) {
            next += channel.write(bytes, next);
        }
    }

    /// Gives the complete file its name.
    public void publish() {
        try {
            channel.force(true);
            channel.close();
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private MergeException failure(IOException e) {
        return new MergeException(Problem.output(given, "cannot be written: " + IoReason.of(e)), e);
    }

    private void remove() {
        part.toFile().delete();
        scratchFile.toFile().delete();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw failure(e);
        } finally {
            exit.close();
            remove();
        }
    }
}
