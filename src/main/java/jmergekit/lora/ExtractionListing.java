package jmergekit.lora;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import jmergekit.plan.Plan;
import jmergekit.problem.ByteSize;
import jmergekit.shards.Sharding;

/// The listing of an extraction. It lists modules, since tensors are known only after the
/// computation.
public final class ExtractionListing {
    private ExtractionListing() {}

    /// @param sharding how the adapter is written
    /// @param downloads bytes still to download from the hub
    public static Plan.Listing of(ExtractionPlan plan, Sharding sharding, long downloads) {
        return new Plan.Listing(head(plan, sharding, downloads), List.of(), modules(plan));
    }

    private static List<String> head(ExtractionPlan plan, Sharding sharding, long downloads) {
        List<String> head = new ArrayList<>();
        head.add("model     " + plan.model().reference());
        head.add("base      " + plan.base().reference());
        head.add(
                "modules   %d as factors, %d whole, %d left out"
                        .formatted(
                                plan.decomposed().size(),
                                plan.whole().size(),
                                plan.leftOut().size()));
        head.add(
                "adapter   %s, at most %s"
                        .formatted(sharding.format().adapter(), ByteSize.text(plan.mostBytes())));
        if (downloads > 0) {
            head.add("downloads " + ByteSize.text(downloads));
        }
        if (plan.tied()) {
            head.add(
                    "          the head is tied to the input embeddings; the matrix is stored for both");
        }
        return head;
    }

    private static List<String> modules(ExtractionPlan plan) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        int most = plan.options().rank().maximum();
        plan.decomposed().forEach(m -> lines.add(factors(m, most)));
        plan.whole().forEach(m -> lines.add(whole(m)));
        plan.unheld().stream()
                .flatMap(u -> u.tensors().stream())
                .forEach(t ->
                        lines.add(
                                "  %s: cannot be stored in an adapter, only compared"
                                        .formatted(t.stored())));
        plan.leftOut().forEach(m -> lines.add("  %s: left out".formatted(m)));
        return lines;
    }

    private static String factors(ModuleWork.Decomposed module, int mostRank) {
        return "  %s %s: rank at most %d%s%s, %s"
                .formatted(
                        module.module(),
                        module.shape(),
                        module.mostRank(mostRank),
                        module.layout() == Layout.LINEAR ? "" : ", " + name(module.layout()),
                        module.bias().isPresent() ? ", with bias" : "",
                        module.dtype());
    }

    private static String whole(ModuleWork.Whole module) {
        return "  %s: whole%s, %s"
                .formatted(
                        module.module(),
                        module.ifChanged() ? " if changed" : "",
                        ByteSize.text(
                                module.tensors().stream().mapToLong(t -> t.spec().bytes()).sum()));
    }

    private static String name(Layout layout) {
        return layout.name().toLowerCase(Locale.ROOT);
    }
}
