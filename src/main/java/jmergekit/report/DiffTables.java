package jmergekit.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import jmergekit.compare.ModelDifference;
import jmergekit.compare.Spectrum;
import jmergekit.compare.Sums;
import jmergekit.compare.TensorDifference;
import jmergekit.compare.TokenRows;
import jmergekit.page.Numbers;
import jmergekit.page.Table;
import jmergekit.page.Table.Column;
import jmergekit.page.Table.Row;
import jmergekit.problem.Printable;

/// The tables on the page of a comparison.
record DiffTables(DiffModels models) {
    private static final int NAME = 120;
    private static final int VALUE = 300;

    private ModelDifference difference() {
        return models.difference();
    }

    /// One row per model, except the reference.
    Table overall() {
        List<Column> columns = new ArrayList<>(List.of(Column.text("Model")));
        for (ModelFigure figure : ModelFigure.values()) {
            columns.add(Column.number(figure.title()));
        }
        columns.add(Column.number("identical tensors"));
        columns.add(Column.number("NaN"));
        columns.add(Column.number("infinite"));
        Sums total = difference().total();
        List<Row> rows = new ArrayList<>();
        for (int model : models.versions()) {
            List<String> cells = new ArrayList<>(List.of(models.name(model)));
            for (ModelFigure figure : ModelFigure.values()) {
                cells.add(figure.text(total, model));
            }
            cells.add(Numbers.text(models.identical(model)));
            cells.add(Numbers.text(total.nan(model)));
            cells.add(Numbers.text(total.infinite(model)));
            rows.add(row(cells));
        }
        return new Table("Each model against " + models.name(0), columns, rows);
    }

    private static Row row(List<String> cells) {
        return Row.of(cells.toArray(String[]::new));
    }

    /// One row per tensor and model, largest change first.
    Table tensors() {
        boolean several = models.versions().size() > 1;
        List<Column> columns = new ArrayList<>(List.of(Column.text("Tensor")));
        if (several) {
            columns.add(Column.text("model"));
        }
        for (ModelFigure figure : ModelFigure.values()) {
            columns.add(Column.number(figure.title()));
        }
        columns.add(Column.number("stable rank"));
        columns.add(Column.number("NaN, infinite"));
        columns.add(Column.text("bytes"));
        columns.add(Column.text("dtype"));
        columns.add(Column.text("shape"));
        record Place(TensorDifference tensor, int model) {
            double change() {
                double change = tensor.sums().relativeChange(model);
                return Double.isNaN(change) ? -1 : change;
            }
        }
        List<Row> rows =
                difference().tensors().stream()
                        .flatMap(t -> models.versions().stream().map(i -> new Place(t, i)))
                        .sorted(Comparator.comparingDouble(Place::change).reversed())
                        .map(p -> row(cells(p.tensor(), p.model(), several)))
                        .toList();
        return new Table("Tensors, largest change first", columns, rows);
    }

    private List<String> cells(TensorDifference tensor, int model, boolean several) {
        Sums sums = tensor.sums();
        List<String> cells = new ArrayList<>(List.of(Printable.shorten(tensor.name(), NAME)));
        if (several) {
            cells.add(models.name(model));
        }
        for (ModelFigure figure : ModelFigure.values()) {
            cells.add(figure.text(sums, model));
        }
        Optional<Spectrum> spectrum = tensor.spectra().get(model);
        cells.add(spectrum.map(s -> Numbers.text(s.stableRank(), 1)).orElse("–"));
        cells.add(Numbers.text(sums.nan(model) + sums.infinite(model)));
        cells.add(tensor.isIdentical().get(model) ? "identical" : "");
        cells.add(both(tensor.dtypes().getFirst(), tensor.dtypes().get(model)));
        cells.add(both(shape(tensor.shapes().getFirst()), shape(tensor.shapes().get(model))));
        return cells;
    }

    private static String both(String before, String after) {
        return before.equals(after) ? before : before + ", " + after;
    }

    private static String shape(List<Long> shape) {
        return shape.stream().map(String::valueOf).collect(Collectors.joining(" × "));
    }

    /// The most changed rows of each embedding table and model.
    List<Table> tokens() {
        List<Table> tables = new ArrayList<>();
        for (TensorDifference tensor : difference().tensors()) {
            for (int model : models.versions()) {
                tensor.rows()
                        .get(model)
                        .filter(rows -> rows.changed() > 0)
                        .ifPresent(rows -> tables.add(tokens(tensor, model, rows)));
            }
        }
        return tables;
    }

    private Table tokens(TensorDifference tensor, int model, TokenRows rows) {
        String caption =
                "%s, %s: %s of %s rows changed; the most changed ones"
                        .formatted(
                                models.name(model),
                                Printable.shorten(tensor.name(), NAME),
                                Numbers.text(rows.changed()),
                                Numbers.text(rows.rows()));
        List<Row> lines =
                rows.most().stream()
                        .map(r ->
                                Row.of(
                                        r.token().map(t -> Printable.shorten(t, NAME)).orElse("–"),
                                        Numbers.text(r.row()),
                                        ModelFigure.Form.FACTOR.text(r.relativeChange())))
                        .toList();
        List<Column> columns =
                List.of(Column.text("Token"), Column.number("row"), Column.number("change"));
        return new Table(caption, columns, lines);
    }

    /// The differences in each file of each model.
    List<Table> files() {
        return difference().files().stream().map(this::file).toList();
    }

    private Table file(ModelDifference.FileDifference file) {
        String more =
                file.count() > file.changes().size()
                        ? ", the first " + Numbers.text(file.changes().size())
                        : "";
        String caption =
                "%s, %s: %s%s"
                        .formatted(
                                models.name(file.model()),
                                Printable.shorten(file.file(), NAME),
                                Findings.count(file.count(), "difference"),
                                more);
        List<Column> columns =
                List.of(
                        Column.text("What"),
                        Column.text(models.name(0)),
                        Column.text(models.name(file.model())));
        List<Row> rows =
                file.changes().stream()
                        .map(c ->
                                Row.of(
                                        Printable.shorten(c.what(), NAME),
                                        value(c.before()),
                                        value(c.after())))
                        .toList();
        return new Table(caption, columns, rows);
    }

    private static String value(String text) {
        return text.isEmpty() ? "–" : Printable.shorten(text, VALUE);
    }

    /// Tensors that were not compared.
    Table skipped() {
        List<Row> rows =
                difference().skipped().stream()
                        .map(s ->
                                Row.of(
                                        Printable.shorten(s.name(), NAME),
                                        s.models().stream()
                                                .map(models::name)
                                                .collect(Collectors.joining(", ")),
                                        Printable.shorten(s.reason(), VALUE)))
                        .toList();
        return new Table(
                "Tensors that were not compared",
                List.of(Column.text("Tensor"), Column.text("in"), Column.text("why")),
                rows);
    }
}
