package jmergekit.evolve;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jmergekit.evaluate.Split;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.weights.IoReason;
import jmergekit.weights.JsonTree;
import tools.jackson.core.JacksonException;

/// The file with a line for each evaluation that has ended. A line that a killed process left half
/// written does not count.
final class EvaluationLog implements AutoCloseable {
    /// Of one line: the items of a large task.
    private static final int LONGEST_LINE = 64 << 20;

    private final Path file;
    private final String label;
    private final FileChannel channel;
    private final long seed;
    private final Map<Key, Evaluation> all = new LinkedHashMap<>();

    /// Which evaluation it is: one that was tried again replaces the earlier one.
    private record Key(Split split, Optional<String> baseline, long number) {
        static Key of(Evaluation evaluation) {
            return new Key(evaluation.split(), evaluation.baseline(), evaluation.number());
        }
    }

    private EvaluationLog(
            Path file, String label, FileChannel channel, long seed, List<Evaluation> earlier) {
        this.file = file;
        this.label = label;
        this.channel = channel;
        this.seed = seed;
        earlier.forEach(e -> all.put(Key.of(e), e));
    }

    /// Takes up the file, or begins one.
    ///
    /// @param label how messages call it
    /// @throws MergeException if it cannot be written, or is no such file
    static EvaluationLog open(Path file, String label, long seed) {
        try {
            List<Evaluation> earlier = new ArrayList<>();
            long end = Files.exists(file) ? read(file, label, earlier) : 0;
            FileChannel channel =
                    FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            channel.truncate(end);
            channel.position(end);
            return new EvaluationLog(file, label, channel, seed, earlier);
        } catch (IOException e) {
            throw failed(label, e);
        }
    }

    private static MergeException failed(String label, IOException e) {
        return new MergeException(Problem.output(label, "cannot be written: " + IoReason.of(e)), e);
    }

    /// @return where the last whole line ends
    private static long read(Path file, String label, List<Evaluation> into) throws IOException {
        long end = 0;
        int number = 0;
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            byte[] buffer = new byte[1 << 16];
            byte[] line = new byte[0];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                int from = 0;
                for (int i = 0; i < n; i++) {
                    if (buffer[i] == '\n') {
                        line = joined(line, buffer, from, i);
                        number++;
                        into.add(evaluation(line, label + ":" + number));
                        end += line.length + 1;
                        line = new byte[0];
                        from = i + 1;
                    }
                }
                line = joined(line, buffer, from, n);
                if (line.length > LONGEST_LINE) {
                    throw damaged(label + ":" + (number + 1), "the line does not end");
                }
            }
        }
        return end;
    }

    private static byte[] joined(byte[] start, byte[] more, int from, int to) {
        byte[] joined = new byte[start.length + to - from];
        System.arraycopy(start, 0, joined, 0, start.length);
        System.arraycopy(more, from, joined, start.length, to - from);
        return joined;
    }

    private static Evaluation evaluation(byte[] line, String where) {
        try {
            return EvaluationJson.evaluation(JsonTree.read(line));
        } catch (JacksonException e) {
            throw damaged(where, "this is no JSON");
        } catch (IllegalArgumentException e) {
            throw damaged(where, String.valueOf(e.getMessage()));
        }
    }

    private static MergeException damaged(String where, String what) {
        return new MergeException(
                Problem.input(where, what)
                        .expected("a line that a search wrote")
                        .hint("restore the file, or begin anew with another --storage-path"));
    }

    /// In the order of their end, those of earlier processes first.
    List<Evaluation> all() {
        return List.copyOf(all.values());
    }

    /// Whether anything was scored.
    boolean hasScores() {
        return all.values().stream().anyMatch(e -> e.failure().isEmpty());
    }

    /// Writes a line, and brings it to the disk.
    void add(Evaluation evaluation) {
        byte[] line =
                (EvaluationJson.line(evaluation, seed) + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            ByteBuffer bytes = ByteBuffer.wrap(line);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(false);
        } catch (IOException e) {
            throw failed(label, e);
        }
        all.put(Key.of(evaluation), evaluation);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw failed(label + " in " + file.getParent(), e);
        }
    }
}
