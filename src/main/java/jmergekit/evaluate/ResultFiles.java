package jmergekit.evaluate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jmergekit.problem.MergeException;
import jmergekit.weights.IoReason;
import jmergekit.weights.JsonTree;
import tools.jackson.databind.JsonNode;

/// Finds the result of a command: the newest `results*.json` in its folder or its subfolders, or
/// else the last JSON object that it printed.
final class ResultFiles {
    private static final Pattern NAME = Pattern.compile("results.*\\.json");
    private static final int DEEPEST = 5;
    private static final int MOST_FILES = 10_000;
    private static final long MOST_BYTES = 64 << 20;

    private ResultFiles() {}

    /// The newest results file.
    static Optional<Path> newest(Path out) throws EvaluationException {
        try (Stream<Path> files = Files.walk(out, DEEPEST)) {
            return files.limit(MOST_FILES)
                    .filter(f -> NAME.matcher(f.getFileName().toString()).matches())
                    .filter(f -> Files.isRegularFile(f, LinkOption.NOFOLLOW_LINKS))
                    .max(Comparator.comparing(ResultFiles::time).thenComparing(f -> f));
        } catch (IOException e) {
            throw unreadable(e);
        } catch (UncheckedIOException e) {
            throw unreadable(e.getCause());
        }
    }

    private static EvaluationException unreadable(IOException e) {
        return new EvaluationException("the results cannot be read: " + IoReason.of(e), e);
    }

    private static FileTime time(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Report read(Path file) throws EvaluationException {
        try {
            return new Report(JsonTree.read(file, MOST_BYTES, file.getFileName().toString()));
        } catch (MergeException e) {
            throw new EvaluationException(e.getMessage(), e);
        }
    }

    /// The last JSON object in the printed text.
    ///
    /// @throws EvaluationException if there is none
    static Report last(String printed) throws EvaluationException {
        Optional<JsonNode> object = PrintedObject.last(printed);
        if (object.isEmpty()) {
            throw new EvaluationException(
                    "the command left no results*.json in its folder {out} and printed no JSON"
                            + " object");
        }
        return new Report(object.get());
    }
}
