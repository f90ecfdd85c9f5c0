package jmergekit.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.DoubleStream;
import jmergekit.arch.Structure;
import jmergekit.method.Value;
import jmergekit.page.Numbers;
import jmergekit.problem.Printable;
import jmergekit.problem.ShortList;
import jmergekit.report.ParameterValues.Curve;
import jmergekit.report.ParameterValues.Group;

/// The values of parameters as lines of text: one line for a value shared by all tensors, otherwise
/// one for each group of tensors with the same values.
final class ParameterText {
    private static final int NAMES = 4;
    private static final int RUNS = 6;

    private ParameterText() {}

    /// A line for a group of tensors.
    ///
    /// @param tensors their shortened names; empty for all tensors
    /// @param spark a sparkline over the layers; empty if the values are equal or not numbers
    record Line(String tensors, String spark, String text) {}

    /// The lines for one parameter.
    static List<Line> of(ParameterValues values) {
        if (values.constant().isPresent()) {
            return List.of(new Line("", "", text(values.constant().get())));
        }
        List<Line> lines = new ArrayList<>();
        List<String> parts = values.curves().stream().flatMap(c -> c.parts().stream()).toList();
        for (Curve curve : values.curves()) {
            String names =
                    values.curves().size() == 1
                            ? "layers"
                            : ShortList.of(PartNames.folded(curve.parts(), parts), NAMES);
            String module =
                    curve.module().equals(Structure.DEFAULT_MODULE) ? "" : curve.module() + ": ";
            lines.add(new Line(module + names, spark(curve, values), text(curve)));
        }
        for (Group group : values.outside()) {
            String names = ShortList.of(PartNames.folded(group.tensors(), group.tensors()), NAMES);
            lines.add(new Line(names, "", text(group.value())));
        }
        return lines;
    }

    /// All parameters, for a terminal.
    static List<String> lines(List<ParameterValues> all) {
        List<String> lines = new ArrayList<>();
        String method = "";
        int width = all.stream().mapToInt(v -> v.title().length()).max().orElse(0);
        for (ParameterValues values : all) {
            if (!values.method().equals(method)) {
                method = values.method();
                lines.add("  " + method);
            }
            List<Line> own = of(values);
            if (own.size() == 1 && own.getFirst().tensors().isEmpty()) {
                lines.add(
                        "    %s  %s"
                                .formatted(padded(values.title(), width), own.getFirst().text()));
                continue;
            }
            lines.add("    " + values.title());
            int inner = own.stream().mapToInt(l -> l.tensors().length()).max().orElse(0);
            for (Line line : own) {
                String spark = line.spark().isEmpty() ? "" : line.spark() + "  ";
                lines.add(
                        "      %s  %s%s"
                                .formatted(padded(line.tensors(), inner), spark, line.text()));
            }
        }
        return lines.stream().map(Printable::line).toList();
    }

    static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private static String spark(Curve curve, ParameterValues values) {
        if (!values.isNumber() || curve.constant().isPresent()) {
            return "";
        }
        double[] all = values.all().mapToDouble(ParameterText::number).toArray();
        double low = DoubleStream.of(all).min().orElse(0);
        double high = DoubleStream.of(all).max().orElse(1);
        List<Double> numbers = new ArrayList<>();
        SortedMap<Integer, Value> byLayer = curve.byLayer();
        for (int layer = byLayer.firstKey(); layer <= byLayer.lastKey(); layer++) {
            Value value = byLayer.get(layer);
            numbers.add(value == null ? Double.NaN : number(value));
        }
        return Spark.of(numbers, low, high);
    }

    static double number(Value value) {
        return value instanceof Value.Number(double number) ? number : Double.NaN;
    }

    /// A value, rounded if it is long.
    static String text(Value value) {
        return value instanceof Value.Number(double number)
                ? Numbers.significant(number)
                : value.toString();
    }

    private static String text(Curve curve) {
        if (curve.constant().isPresent()) {
            return text(curve.constant().get());
        }
        List<String> runs = runs(curve.byLayer());
        if (runs.size() <= RUNS) {
            return String.join(", ", runs);
        }
        SortedMap<Integer, Value> byLayer = curve.byLayer();
        if (!byLayer.values().stream().allMatch(Value.Number.class::isInstance)) {
            return ShortList.of(runs, RUNS);
        }
        double least = byLayer.values().stream().mapToDouble(ParameterText::number).min().orElse(0);
        double most = byLayer.values().stream().mapToDouble(ParameterText::number).max().orElse(0);
        String ends =
                "%s in layer %d to %s in layer %d"
                        .formatted(
                                text(byLayer.get(byLayer.firstKey())),
                                byLayer.firstKey(),
                                text(byLayer.get(byLayer.lastKey())),
                                byLayer.lastKey());
        double first = number(byLayer.get(byLayer.firstKey()));
        double last = number(byLayer.get(byLayer.lastKey()));
        boolean within = least < Math.min(first, last) || most > Math.max(first, last);
        return within
                ? "%s, between %s and %s"
                        .formatted(ends, text(Value.of(least)), text(Value.of(most)))
                : ends;
    }

    // Runs of layers with the same value.
    private static List<String> runs(SortedMap<Integer, Value> byLayer) {
        List<String> runs = new ArrayList<>();
        int start = byLayer.firstKey();
        int end = start;
        for (Map.Entry<Integer, Value> e : byLayer.entrySet()) {
            if (e.getKey() == end
                    || e.getKey() == end + 1 && e.getValue().equals(byLayer.get(end))) {
                end = e.getKey();
            } else {
                runs.add(run(start, end, byLayer.get(end)));
                start = e.getKey();
                end = start;
            }
        }
        runs.add(run(start, end, byLayer.get(end)));
        return runs;
    }

    private static String run(int start, int end, Value value) {
        String layers = start == end ? "layer " + start : "layers %d-%d".formatted(start, end);
        return text(value) + " in " + layers;
    }
}
