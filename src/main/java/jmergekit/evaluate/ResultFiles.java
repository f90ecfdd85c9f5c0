package jmergekit.evaluate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
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
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Where a command has left its result: the newest `results*.json` in its folder or those below, or
/// else the last JSON object that it printed.
final class ResultFiles {
    private static final Pattern NAME = Pattern.compile("results.*\\.json");
    private static final int DEEPEST = 5;
    private static final int MOST_FILES = 10_000;
    private static final long MOST_BYTES = 64 << 20;
    private static final int MOST_TRIES = 100;

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

    /// The last JSON object of what was printed.
    ///
    /// @throws EvaluationException if there is none
    static Report last(String printed) throws EvaluationException {
        int end = printed.lastIndexOf('}') + 1;
        int start = end;
        for (int i = 0; i < MOST_TRIES && start > 0; i++) {
            start = lineWithObject(printed, start - 1);
            if (start >= 0) {
                Optional<JsonNode> value = parsed(printed.substring(start, end));
                if (value.isPresent()) {
                    return new Report(value.get());
                }
            }
        }
        throw new EvaluationException(
                "the command left no results*.json in its folder {out} and printed no JSON object");
    }

    /// The start of the last line that begins with a brace, at or before a place; -1 if there is none.
    private static int lineWithObject(String text, int from) {
        int at = text.lastIndexOf('{', from);
        while (at >= 0) {
            int before = at - 1;
            while (before >= 0 && (text.charAt(before) == ' ' || text.charAt(before) == '\t')) {
                before--;
            }
            if (before < 0 || text.charAt(before) == '\n' || text.charAt(before) == '\r') {
                return at;
            }
            at = text.lastIndexOf('{', at - 1);
        }
        return -1;
    }

    private static Optional<JsonNode> parsed(String text) {
        try {
            JsonNode node = JsonTree.read(text.getBytes(StandardCharsets.UTF_8));
            return node.isObject() ? Optional.of(node) : Optional.empty();
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }
}
