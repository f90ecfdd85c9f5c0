package jmergekit.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/// One line of progress.
///
/// @param task the name of the task, such as `merging`
/// @param done bytes done
/// @param total bytes in total
/// @param detail additional text, such as a count; may be empty
/// @param speed bytes per second
/// @param left the time left
record ProgressLine(
        String task,
        long done,
        long total,
        String detail,
        OptionalDouble speed,
        Optional<Duration> left) {
    private static final int SHORTEST_BAR = 10;
    private static final int LONGEST_BAR = 40;
    private static final String[] UNITS = {"KB", "MB", "GB", "TB", "PB"};

    /// The line in at most `width` columns. Parts that do not fit are dropped, least important
    /// first.
    ///
    /// `merging  18% [===>                ] 147 of 791 MB, 11/111 tensors, 49 MB/s, 0:13 left`
    String text(int width) {
        List<String> parts = new ArrayList<>();
        String start = "%s %3d%%".formatted(task, percent());
        int room = width - start.length();
        for (String part : byNeed()) {
            if (!part.isEmpty() && part.length() + 2 <= room) {
                parts.add(part);
                room -= part.length() + 2;
            }
        }
        List<String> shown = inOrder().stream().filter(parts::contains).toList();
        String bar = room >= SHORTEST_BAR + 3 ? " " + bar(Math.min(room - 3, LONGEST_BAR)) : "";
        String line = start + bar + (shown.isEmpty() ? "" : join(bar) + String.join(", ", shown));
        return line.substring(0, Math.min(line.length(), Math.max(0, width)));
    }

    private static String join(String bar) {
        return bar.isEmpty() ? ", " : " ";
    }

    private List<String> inOrder() {
        return List.of(sizes(), detail, speedText(), leftText());
    }

    private List<String> byNeed() {
        return List.of(leftText(), sizes(), detail, speedText());
    }

    private long percent() {
        return total <= 0 ? 100 : Math.clamp((long) (100.0 * done / total), 0, 100);
    }

    private String bar(int length) {
        int filled = (int) (length * percent() / 100);
        String head = filled > 0 && filled < length ? ">" : "";
        return "[" + "=".repeat(filled - head.length()) + head + " ".repeat(length - filled) + "]";
    }

    // Uses the unit of the total, so that the text keeps its length.
    private String sizes() {
        int unit = unit(total);
        String whole = number(total, unit);
        String part = number(done, unit);
        return " ".repeat(Math.max(0, whole.length() - part.length()))
                + part
                + " of "
                + whole
                + " "
                + UNITS[unit];
    }

    private String speedText() {
        if (speed.isEmpty()) {
            return "";
        }
        long bytes = Math.round(speed.getAsDouble());
        return number(bytes, unit(bytes)) + " " + UNITS[unit(bytes)] + "/s";
    }

    private String leftText() {
        return left.map(d ->
                        d.toHours() > 0
                                ? "%d:%02d:%02d"
                                        .formatted(
                                                d.toHours(), d.toMinutesPart(), d.toSecondsPart())
                                : "%d:%02d".formatted(d.toMinutes(), d.toSecondsPart()))
                .map(text -> text + " left")
                .orElse("");
    }

    private static int unit(long bytes) {
        int unit = 0;
        for (double value = bytes / 1e3; value >= 1000 && unit < UNITS.length - 1; value /= 1000) {
            unit++;
        }
        return unit;
    }

    // Up to three digits, with a decimal if there would be only one.
    private static String number(long bytes, int unit) {
        double value = bytes / Math.pow(1000, unit + 1);
        return String.format(Locale.ROOT, unit >= 2 ? "%.1f" : "%.0f", value);
    }
}
