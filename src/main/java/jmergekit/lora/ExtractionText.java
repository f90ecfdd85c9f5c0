package jmergekit.lora;

import java.util.Locale;
import jmergekit.problem.ByteSize;
import jmergekit.problem.Printable;

/// A plan for people to read, for `--dry-run`.
public final class ExtractionText {
    private final ExtractionPlan plan;
    private final StringBuilder text = new StringBuilder();

    private ExtractionText(ExtractionPlan plan) {
        this.plan = plan;
    }

    /// @param downloads bytes that still have to come from the hub
    public static String of(ExtractionPlan plan, long downloads) {
        ExtractionText text = new ExtractionText(plan);
        text.summary(downloads);
        text.modules();
        return text.text.toString();
    }

    /// The first lines of [#of].
    public static String summary(ExtractionPlan plan, long downloads) {
        ExtractionText text = new ExtractionText(plan);
        text.summary(downloads);
        return text.text.toString();
    }

    private void summary(long downloads) {
        line("model     %s", plan.model().reference());
        line("base      %s", plan.base().reference());
        line(
                "modules   %d as factors, %d whole, %d left out",
                plan.decomposed().size(), plan.whole().size(), plan.leftOut().size());
        line("adapter   at most %s", ByteSize.text(plan.mostBytes()));
        if (downloads > 0) {
            line("downloads %s", ByteSize.text(downloads));
        }
        if (plan.tied()) {
            line(
                    "          the head shares the input embeddings' matrix, which is stored for both");
        }
    }

    private void modules() {
        line("");
        for (ModuleWork.Decomposed module : plan.decomposed()) {
            line(
                    "  %s %s: rank at most %d%s%s, %s",
                    module.module(),
                    module.shape(),
                    module.mostRank(plan.options().rank().maximum()),
                    module.layout() == Layout.LINEAR ? "" : ", " + name(module.layout()),
                    module.bias().isPresent() ? ", with bias" : "",
                    module.dtype());
        }
        for (ModuleWork.Whole module : plan.whole()) {
            line(
                    "  %s: whole%s, %s",
                    module.module(),
                    module.ifChanged() ? " if changed" : "",
                    ByteSize.text(
                            module.tensors().stream().mapToLong(t -> t.spec().bytes()).sum()));
        }
        plan.unheld().stream()
                .flatMap(u -> u.tensors().stream())
                .forEach(t -> line("  %s: no place in an adapter, only compared", t.stored()));
        plan.leftOut().forEach(m -> line("  %s: left out", m));
    }

    private static String name(Layout layout) {
        return layout.name().toLowerCase(Locale.ROOT);
    }

    private void line(String format, Object... arguments) {
        text.append(Printable.line(format.formatted(arguments))).append('\n');
    }
}
