package jmergekit.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jmergekit.compare.ModelDifference;
import jmergekit.compare.Spectrum;
import jmergekit.compare.Sums;
import jmergekit.compare.TensorDifference;

/// Compared models as a table for spreadsheets: one row per tensor and model, except the reference.
/// Figures are named as in [DiffJson]; cells of undefined figures are empty.
public final class DiffCsv {
    private DiffCsv() {}

    /// The file's text.
    public static String text(ModelDifference difference) {
        CsvText csv = new CsvText();
        csv.row(headings());
        for (TensorDifference tensor : difference.tensors()) {
            for (int i = 1; i < difference.models().size(); i++) {
                row(csv, tensor, difference.models().get(i), i);
            }
        }
        return csv.toString();
    }

    private static List<String> headings() {
        List<String> names = new ArrayList<>(List.of("tensor", "module", "layer", "part", "model"));
        names.addAll(List.of("reference_dtype", "dtype", "reference_shape", "shape", "identical"));
        names.addAll(List.of("elements", "norm", "change", "largest", "largest_change"));
        Stream.of(ModelFigure.values()).map(ModelFigure::field).forEach(names::add);
        names.addAll(List.of("nan", "infinite", "stable_rank", "top_energy", "rows_changed"));
        return names;
    }

    private static void row(CsvText csv, TensorDifference tensor, String model, int index) {
        csv.add(tensor.name());
        csv.add(tensor.module());
        OptionalInt layer = tensor.layer();
        csv.add(layer.isPresent() ? String.valueOf(layer.getAsInt()) : "");
        csv.add(tensor.part());
        csv.add(model);
        csv.add(tensor.dtypes().getFirst());
        csv.add(tensor.dtypes().get(index));
        csv.add(shape(tensor.shapes().getFirst()));
        csv.add(shape(tensor.shapes().get(index)));
        csv.add(String.valueOf(tensor.isIdentical().get(index)));
        Sums sums = tensor.sums();
        csv.add(sums.elements());
        csv.add(sums.norm(index));
        csv.add(sums.change(index));
        csv.add(sums.largest(index));
        csv.add(sums.largestChange(index));
        for (ModelFigure figure : ModelFigure.values()) {
            csv.add(figure.of(sums, index));
        }
        csv.add(sums.nan(index));
        csv.add(sums.infinite(index));
        Optional<Spectrum> spectrum = tensor.spectra().get(index);
        csv.add(spectrum.map(Spectrum::stableRank).orElse(Double.NaN));
        csv.add(
                spectrum.filter(s -> !s.energy().isEmpty())
                        .map(s -> s.energy().getLast())
                        .orElse(Double.NaN));
        csv.add(tensor.rows().get(index).map(r -> String.valueOf(r.changed())).orElse(""));
        csv.end();
    }

    private static String shape(List<Long> shape) {
        return shape.stream().map(String::valueOf).collect(Collectors.joining("x"));
    }
}
