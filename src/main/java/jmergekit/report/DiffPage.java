package jmergekit.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import jmergekit.compare.ModelDifference;
import jmergekit.compare.Sums;
import jmergekit.page.Choice;
import jmergekit.page.Fact;
import jmergekit.page.HeatMap;
import jmergekit.page.Histogram;
import jmergekit.page.Numbers;
import jmergekit.page.Page;
import jmergekit.page.PageSection;
import jmergekit.page.Plot;
import jmergekit.page.Table;
import jmergekit.problem.Printable;

/// Compared models as a page.
public final class DiffPage {
    /// Maximum rows in the table of tensors, few enough for a browser to filter without delay.
    private static final int TENSORS = 500;

    /// Maximum tensors times models in the page's data, which a browser parses when opening the
    /// page.
    private static final int DATA = 1_500;

    private static final int SKIPPED = 500;
    private static final int TITLE = 120;

    private final DiffModels models;
    private final ModelDifference difference;
    private final Sums total;
    private final DiffFigures figures;
    private final DiffTables tables;

    private DiffPage(ModelDifference difference) {
        this.models = DiffModels.of(difference);
        this.difference = difference;
        this.total = difference.total();
        this.figures = new DiffFigures(models);
        this.tables = new DiffTables(models);
    }

    /// The page, as the text of an HTML file in UTF-8.
    public static String html(ModelDifference difference) {
        return new DiffPage(difference).page().html();
    }

    private Page page() {
        Page page = new Page(title());
        summary(page.section("Summary"));
        matrices(page);
        for (String module : Layers.modules(difference)) {
            layers(page, module);
        }
        distributions(page);
        tensors(page);
        tokens(page);
        files(page);
        skipped(page);
        meanings(page);
        boolean few = (long) difference.tensors().size() * models.versions().size() <= DATA;
        return page.data(DiffJson.tree(difference, few));
    }

    private String title() {
        String others = String.join(", ", models.names().subList(1, models.names().size()));
        String title = models.name(0) + " and " + others;
        return Printable.shorten(title, TITLE);
    }

    private void summary(PageSection section) {
        List<Findings.Finding> findings = Findings.of(models);
        section.tiles(tiles());
        section.points(
                findings.stream().map(f -> (f.warns() ? "Warning: " : "") + f.text()).toList());
        section.table(tables.overall());
        List<Fact> facts = new ArrayList<>();
        for (int i = 0; i < difference.models().size(); i++) {
            String role = i == 0 ? "the reference" : "";
            String full = Printable.shorten(difference.models().get(i), 500);
            facts.add(Fact.of(models.name(i), full, role));
        }
        section.list(facts);
    }

    private List<Fact> tiles() {
        List<Fact> tiles = new ArrayList<>();
        if (models.versions().size() == 1) {
            for (ModelFigure figure :
                    List.of(
                            ModelFigure.RELATIVE_CHANGE,
                            ModelFigure.COSINE,
                            ModelFigure.UNCHANGED_SHARE)) {
                tiles.add(Fact.of(figure.title(), figure.text(total, 1), ""));
            }
            tiles.add(
                    Fact.of(
                            "identical tensors",
                            Numbers.text(models.identical(1)),
                            "of " + Numbers.text(difference.tensors().size())));
        } else {
            tiles.add(Fact.of("models", Numbers.text(models.names().size()), ""));
            if (models.hasPairs()) {
                tiles.add(
                        Fact.of(
                                "sign conflict",
                                Share.text(total.signConflict()),
                                "of the elements that both models changed"));
            }
        }
        tiles.add(Fact.of("tensors compared", Numbers.text(difference.tensors().size()), ""));
        tiles.add(Fact.of("elements", brief(total.elements()), ""));
        int skipped = difference.skipped().size();
        tiles.add(new Fact("not compared", Numbers.text(skipped), "tensors", skipped > 0));
        long bad = 0;
        for (int i = 0; i < models.names().size(); i++) {
            bad += total.nan(i) + total.infinite(i);
        }
        tiles.add(new Fact("NaN or infinite", Numbers.text(bad), "elements", bad > 0));
        return tiles;
    }

    /// In millions or billions, as in model names.
    private static String brief(long count) {
        if (count >= 1_000_000_000) {
            return Numbers.brief(count / 1e9) + " B";
        }
        return count >= 1_000_000 ? Numbers.brief(count / 1e6) + " M" : Numbers.text(count);
    }

    private void matrices(Page page) {
        List<HeatMap> matrices = figures.matrices();
        if (!matrices.isEmpty()) {
            page.section("Pairwise comparison").charts(false, matrices);
        }
    }

    private void layers(Page page, String module) {
        boolean single = Layers.modules(difference).size() == 1;
        PageSection section = page.section(single ? "Layers" : "Layers of " + module);
        Stream.of(figures.changeByLayer(module), figures.conflictByLayer(module))
                .flatMap(Optional<Plot>::stream)
                .forEach(section::chart);
        List<Choice> maps = new DiffMaps(models).of(module);
        if (!maps.isEmpty()) {
            section.choice("Figure", maps);
        }
    }

    private void distributions(Page page) {
        List<Histogram> drawn =
                Stream.of(figures.tensorChanges(), figures.magnitudes())
                        .flatMap(Optional<Histogram>::stream)
                        .toList();
        if (!drawn.isEmpty()) {
            PageSection section = page.section("Distributions");
            drawn.forEach(section::chart);
        }
    }

    private void tensors(Page page) {
        page.section("Tensors")
                .searchable(tables.tensors(), TENSORS, "use --csv or --json for all of them");
    }

    private void tokens(Page page) {
        List<Table> tokens = tables.tokens();
        if (!tokens.isEmpty()) {
            PageSection section = page.section("Tokens");
            tokens.forEach(section::folded);
        }
    }

    private void files(Page page) {
        if (!difference.files().isEmpty()) {
            PageSection section = page.section("Configuration and tokenizer");
            tables.files().forEach(section::folded);
        }
    }

    private void skipped(Page page) {
        if (!difference.skipped().isEmpty()) {
            page.section("Not compared")
                    .searchable(tables.skipped(), SKIPPED, "use --json for all of them");
        }
    }

    private void meanings(Page page) {
        List<Fact> facts = new ArrayList<>();
        for (ModelFigure figure : ModelFigure.values()) {
            facts.add(Fact.of(figure.title(), figure.meaning(), ""));
        }
        for (PairFigure figure : PairFigure.values()) {
            if (models.hasPairs() && figure != PairFigure.COSINE) {
                facts.add(Fact.of(figure.title(), figure.meaning(), ""));
            }
        }
        page.section("Meaning of the figures").list(facts);
    }
}
