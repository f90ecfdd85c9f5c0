package jmergekit.evaluate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jmergekit.weights.JsonTree;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// The score of each item of a task, from the `samples_TASK_*.jsonl` that lm-evaluation-harness
/// writes next to its results with `--log_samples`.
final class SampleScores {
    private static final double[] UNKNOWN = {};
    private static final int LONGEST_LINE = 8 << 20;
    private static final long MOST_BYTES = 1L << 30;
    private static final int MOST_ITEMS = 1_000_000;

    private final String metric;
    private final String filter;
    private final Map<Long, Double> values = new TreeMap<>();

    private SampleScores(String metric) {
        String[] parts = metric.split(",", 2);
        this.metric = parts[0];
        this.filter = parts.length == 2 ? parts[1] : "none";
    }

    /// By the number of the item in its data set; empty if not known.
    ///
    /// @param results the results file
    /// @param metric as in `acc,none`
    static double[] read(Path results, String task, String metric) {
        try {
            Optional<Path> file = file(results.toAbsolutePath().getParent(), task);
            return file.isPresent() && Files.size(file.get()) <= MOST_BYTES
                    ? new SampleScores(metric).read(file.get())
                    : UNKNOWN;
        } catch (IOException | UncheckedIOException | JacksonException e) {
            // The overall score is known, and models are compared by it and its error.
            return UNKNOWN;
        }
    }

    private static Optional<Path> file(Path folder, String task) throws IOException {
        Pattern name = Pattern.compile("samples_" + Pattern.quote(task) + "_\\d{4}-.*\\.jsonl");
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> name.matcher(f.getFileName().toString()).matches())
                    .filter(f -> Files.isRegularFile(f, LinkOption.NOFOLLOW_LINKS))
                    .max(Comparator.naturalOrder());
        }
    }

    private double[] read(Path file) throws IOException {
        try (Lines lines = new Lines(file, LONGEST_LINE)) {
            Optional<byte[]> line = lines.next();
            while (line.isPresent()) {
                if (line.get().length > 0 && !add(JsonTree.read(line.get()))) {
                    return UNKNOWN;
                }
                line = lines.next();
            }
        }
        return values.values().stream().mapToDouble(Double::doubleValue).toArray();
    }

    /// Whether the sample is usable.
    private boolean add(JsonNode sample) {
        JsonNode id = sample.path("doc_id");
        JsonNode value = sample.path(metric);
        if (!filter.equals(sample.path("filter").asString(filter))) {
            return true;
        }
        boolean usable =
                id.isIntegralNumber()
                        && id.canConvertToLong()
                        && (value.isNumber() || value.isBoolean())
                        && values.size() < MOST_ITEMS;
        double number = value.isBoolean() ? value.booleanValue() ? 1 : 0 : value.asDouble(0);
        return usable
                && Double.isFinite(number)
                && values.putIfAbsent(id.longValue(), number) == null;
    }
}
