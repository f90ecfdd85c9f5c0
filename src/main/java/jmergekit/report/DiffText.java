package jmergekit.report;

import java.util.ArrayList;
import java.util.List;
import jmergekit.compare.ModelDifference;
import jmergekit.compare.Sums;
import jmergekit.page.Numbers;
import jmergekit.problem.Printable;

/// Compared models for a terminal, in a few dozen lines: the figures of each model, the largest
/// changes, and notable findings.
public final class DiffText {
    private static final int MODELS = 8;
    private static final int DETAILED = 3;
    private static final int PAIRS = 6;
    private static final int FINDINGS = 8;
    private static final int NAME = 44;
    private static final int WIDTH = 100;

    private static final List<ModelFigure> FIGURES =
            List.of(
                    ModelFigure.RELATIVE_CHANGE,
                    ModelFigure.COSINE,
                    ModelFigure.NORM_RATIO,
                    ModelFigure.UNCHANGED_SHARE,
                    ModelFigure.SIGN_FLIP_SHARE,
                    ModelFigure.HEADROOM_BITS);

    private final DiffModels models;
    private final ModelDifference difference;
    private final Sums total;
    private final List<String> lines = new ArrayList<>();

    private DiffText(DiffModels models) {
        this.models = models;
        this.difference = models.difference();
        this.total = difference.total();
    }

    /// The text, ending with a line break.
    public static String text(ModelDifference difference) {
        DiffText text = new DiffText(DiffModels.of(difference));
        text.head();
        text.figures();
        text.pairs();
        text.shown().stream().limit(DETAILED).forEach(text::most);
        text.findings();
        return String.join("\n", text.lines) + "\n";
    }

    private List<Integer> shown() {
        return models.versions().stream().limit(MODELS).toList();
    }

    private void head() {
        String reference = difference.models().getFirst();
        String label = difference.hasBase() ? "base      " : "first     ";
        lines.add(label + Printable.within(reference, NAME * 2));
        lines.add(
                "compared  %s with %s elements"
                        .formatted(
                                Findings.count(difference.tensors().size(), "tensor"),
                                Numbers.text(total.elements())));
    }

    private void figures() {
        TextTable table = new TextTable();
        List<String> heading = new ArrayList<>(List.of(""));
        FIGURES.forEach(f -> heading.add(f.title()));
        heading.add("identical");
        table.row(heading);
        for (int model : shown()) {
            List<String> row = new ArrayList<>(List.of(models.name(model)));
            FIGURES.forEach(f -> row.add(f.text(total, model)));
            row.add(
                    "%s of %s"
                            .formatted(
                                    Numbers.text(models.identical(model)),
                                    Numbers.text(difference.tensors().size())));
            table.row(row);
        }
        block("", table);
        rest(models.versions().size() - MODELS, "model");
    }

    private void pairs() {
        if (!models.hasPairs()) {
            return;
        }
        TextTable table = new TextTable();
        table.row(List.of("", "cosine", "cosine of changes", "sign conflict"));
        models.pairs().stream()
                .limit(PAIRS)
                .forEach(p ->
                        table.row(
                                List.of(
                                        p.name(),
                                        Numbers.fixed(total.cosine(p.first(), p.second()), 4),
                                        Numbers.fixed(total.changeCosine(p.first(), p.second()), 4),
                                        Share.text(total.signConflict(p.first(), p.second())))));
        block("", table);
        rest(models.pairs().size() - PAIRS, "pair");
    }

    private void most(int model) {
        if (!(total.change(model) > 0)) {
            return;
        }
        MostChanged most = new MostChanged(difference);
        lines.add("");
        lines.add("largest changes in " + models.name(model));
        line("course", most.course(model));
        line("layers", most.layers(model));
        line("parts", most.parts(model));
        line("tensors", most.tensors(model));
        line("tokens", most.tokens(model));
    }

    private void line(String what, List<String> entries) {
        if (!entries.isEmpty()) {
            lines.add("  " + what + " ".repeat(9 - what.length()) + String.join(", ", entries));
        }
    }

    private void findings() {
        List<Findings.Finding> all = Findings.of(models);
        if (!all.isEmpty()) {
            lines.add("");
        }
        all.stream()
                .limit(FINDINGS)
                .flatMap(f -> folded((f.warns() ? "! " : "- ") + f.text()).stream())
                .forEach(lines::add);
        rest(all.size() - FINDINGS, "more line");
    }

    /// Wraps a sentence at [#WIDTH] characters where its words allow it.
    private static List<String> folded(String sentence) {
        List<String> folded = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : sentence.split(" ")) {
            boolean full = line.length() + word.length() >= WIDTH;
            if (full && !line.toString().isBlank()) {
                folded.add(line.toString());
                line = new StringBuilder("  ");
            }
            line.append(line.isEmpty() || line.toString().equals("  ") ? "" : " ").append(word);
        }
        folded.add(line.toString());
        return folded;
    }

    private void block(String indent, TextTable table) {
        lines.add("");
        lines.addAll(table.lines(indent));
    }

    private void rest(int more, String what) {
        if (more > 0) {
            lines.add("… and " + Findings.count(more, what) + " in --html and --json");
        }
    }
}
