package jmergekit.evolve;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
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
import jmergekit.publish.DiskSync;
import jmergekit.weights.IoReason;
import jmergekit.weights.JsonTree;
import tools.jackson.core.JacksonException;

/// The file with a line for each finished evaluation. A line that a killed process did not complete
/// is ignored.
final class EvaluationLog implements AutoCloseable {
    /// For one line, including the items of a large task.
    private static final int LONGEST_LINE = 64 << 20;

    private final Path file;
    private final String label;
    private final FileChannel channel;
    private final long seed;
    private final Map<Key, Evaluation> all = new LinkedHashMap<>();

    /// Identifies an evaluation; a retry replaces the earlier one.
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

    /// Opens the file, or creates it.
    ///
    /// @param label its name in messages
    /// @param rules for the existing lines
    /// @throws MergeException if it cannot be written, or is not such a file
    static EvaluationLog open(Path file, String label, long seed, LogRules rules) {
        try {
            List<Evaluation> earlier = new ArrayList<>();
            long end = Files.exists(file) ? read(file, label, rules, earlier) : 0;
            FileChannel channel =
                    FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            EvaluationLog log = new EvaluationLog(file, label, channel, seed, earlier);
            log.cut(end);
            return log;
        } catch (IOException e) {
            throw failed(label, e);
        }
    }

    private void cut(long end) throws IOException {
        boolean done = false;
        try {
            channel.truncate(end);
            channel.position(end);
            DiskSync.folder(file.toAbsolutePath().getParent());
            done = true;
        } finally {
            if (!done) {
                channel.close();
            }
        }
    }

    private static MergeException failed(String label, IOException e) {
        return new MergeException(Problem.output(label, "cannot be written: " + IoReason.of(e)), e);
    }

    /// @return the end of the last complete line
    private static long read(Path file, String label, LogRules rules, List<Evaluation> into)
            throws IOException {
        long end = 0;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int next = in.read(); next >= 0; next = in.read()) {
                String where = label + ":" + (into.size() + 1);
                if (next == '\n') {
                    into.add(evaluation(line.toByteArray(), where, rules));
                    end += line.size() + 1;
                    line.reset();
                } else {
                    line.write(next);
                }
                if (line.size() > LONGEST_LINE) {
                    throw damaged(where, "the line does not end");
                }
            }
        }
        return end;
    }

    private static Evaluation evaluation(byte[] line, String where, LogRules rules) {
        try {
            Evaluation evaluation = EvaluationJson.evaluation(JsonTree.read(line));
            rules.check(evaluation);
            return evaluation;
        } catch (JacksonException e) {
            throw damaged(where, "this is not JSON");
        } catch (IllegalArgumentException e) {
            throw damaged(where, String.valueOf(e.getMessage()));
        }
    }

    private static MergeException damaged(String where, String what) {
        return new MergeException(
                Problem.input(where, what)
                        .expected("a line written by a search")
                        .hint("restore the file, or start again with another --storage-path"));
    }

    /// In order of completion, starting with those of earlier processes.
    List<Evaluation> all() {
        return List.copyOf(all.values());
    }

    /// Whether anything was scored.
    boolean hasScores() {
        return all.values().stream().anyMatch(e -> e.failure().isEmpty());
    }

    /// Writes a line, and flushes it to disk.
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
