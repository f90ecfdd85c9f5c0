package jmergekit.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import jmergekit.compare.ModelDifference;
import jmergekit.compare.Sums;
import jmergekit.compare.TensorDifference;
import jmergekit.page.HeatMap;

/// The layers of a module and their parts as cells of a table. If there are too many for a chart,
/// the experts of a layer share a row and neighbouring layers share a column.
///
/// @param rows names of parts
/// @param columns numbers of layers
/// @param cells by row, then column; empty lists where a layer lacks a part
record LayerCells(
        List<String> rows, List<String> columns, List<List<List<TensorDifference>>> cells) {
    private static final int PARTS = 24;
    private static final int ROWS = 40;
    private static final int COLUMNS = 128;

    static LayerCells of(ModelDifference difference, String module) {
        List<TensorDifference> tensors =
                difference.tensors().stream()
                        .filter(t -> t.layer().isPresent() && t.module().equals(module))
                        .toList();
        Function<TensorDifference, String> name = name(tensors);
        int last = tensors.stream().mapToInt(t -> t.layer().getAsInt()).max().orElse(0);
        int first = tensors.stream().mapToInt(t -> t.layer().getAsInt()).min().orElse(0);
        int width = (last - first) / COLUMNS + 1;
        int count = (last - first) / width + 1;
        List<String> columns = new ArrayList<>();
        for (int c = 0; c < count; c++) {
            int from = first + c * width;
            int to = Math.min(last, from + width - 1);
            columns.add(from == to ? String.valueOf(from) : from + "-" + to);
        }
        Map<String, List<List<TensorDifference>>> rows = new TreeMap<>();
        for (TensorDifference tensor : tensors) {
            rows.computeIfAbsent(name.apply(tensor), _ -> empty(count))
                    .get((tensor.layer().getAsInt() - first) / width)
                    .add(tensor);
        }
        return new LayerCells(List.copyOf(rows.keySet()), columns, List.copyOf(rows.values()));
    }

    private static List<List<TensorDifference>> empty(int count) {
        List<List<TensorDifference>> row = new ArrayList<>();
        for (int c = 0; c < count; c++) {
            row.add(new ArrayList<>());
        }
        return row;
    }

    /// The names of rows: the part; with many parts, the part with stars for numbers; and if those
    /// are still too many, `others` for the smallest ones.
    private static Function<TensorDifference, String> name(List<TensorDifference> tensors) {
        Function<TensorDifference, String> plain = t -> DiffModels.part(t.part());
        if (tensors.stream().map(plain).distinct().count() <= PARTS) {
            return plain;
        }
        Function<TensorDifference, String> starred = t -> PartNames.form(plain.apply(t));
        Map<String, Long> elements = new LinkedHashMap<>();
        tensors.forEach(t -> elements.merge(starred.apply(t), t.sums().elements(), Long::sum));
        if (elements.size() <= ROWS) {
            return starred;
        }
        List<String> kept =
                elements.entrySet().stream()
                        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                        .limit(ROWS - 1L)
                        .map(Map.Entry::getKey)
                        .toList();
        return t -> kept.contains(starred.apply(t)) ? starred.apply(t) : "others";
    }

    /// Figures computed from the sums of a cell's tensors.
    HeatMap ofSums(String title, String description, ToDoubleFunction<Sums> figure) {
        return map(title, description, tensors -> figure.applyAsDouble(sums(tensors)));
    }

    /// Figures averaged over the tensors of a cell that have one.
    HeatMap ofTensors(String title, String description, ToDoubleFunction<TensorDifference> figure) {
        return map(
                title,
                description,
                tensors ->
                        tensors.stream()
                                .mapToDouble(figure)
                                .filter(v -> !Double.isNaN(v))
                                .average()
                                .orElse(Double.NaN));
    }

    static Sums sums(List<TensorDifference> tensors) {
        Sums first = tensors.getFirst().sums();
        return tensors.stream().skip(1).map(TensorDifference::sums).reduce(first, Sums::plus);
    }

    private HeatMap map(
            String title, String description, ToDoubleFunction<List<TensorDifference>> figure) {
        List<double[]> values =
                cells.stream()
                        .map(row ->
                                row.stream()
                                        .mapToDouble(tensors ->
                                                tensors.isEmpty()
                                                        ? Double.NaN
                                                        : figure.applyAsDouble(tensors))
                                        .toArray())
                        .toList();
        return new HeatMap(title, description, rows, columns, values).across("layer");
    }
}
