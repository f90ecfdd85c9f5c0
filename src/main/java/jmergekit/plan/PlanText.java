package jmergekit.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import jmergekit.method.Value;
import jmergekit.problem.ByteSize;
import jmergekit.problem.Printable;

/// A plan as readable text, printed by `--dry-run`. The same plan gives the same text.
public final class PlanText implements FoldedTensors.Block {
    private final Plan plan;
    private final StringBuilder text = new StringBuilder();

    private PlanText(Plan plan) {
        this.plan = plan;
    }

    /// @param threads of the run, which determine its memory
    /// @param every whether every tensor is listed, however many there are
    public static String of(Plan plan, int threads, boolean every) {
        PlanText printed = new PlanText(plan);
        printed.summary(threads);
        plan.listing().details().forEach(printed::line);
        printed.text.append(FoldedTensors.text(plan, every, printed));
        return printed.text.toString();
    }

    /// The first lines of [#of]: models, counts, sizes.
    public static String summary(Plan plan, int threads) {
        PlanText printed = new PlanText(plan);
        printed.summary(threads);
        return printed.text.toString();
    }

    /// A listing for something that is not planned yet.
    public static String of(Plan.Listing listing) {
        StringBuilder text = new StringBuilder(summary(listing));
        listing.settings().forEach(l -> line(text, l));
        listing.details().forEach(l -> line(text, l));
        return text.toString();
    }

    /// The first lines of that listing.
    public static String summary(Plan.Listing listing) {
        StringBuilder text = new StringBuilder();
        listing.head().forEach(l -> line(text, l));
        return text.toString();
    }

    private void summary(int threads) {
        text.append(summary(plan.listing()));
        line("reads     " + ByteSize.text(plan.inputBytes()));
        line(
                "writes    %s in %d file(s)"
                        .formatted(
                                ByteSize.text(plan.outputBytes()), plan.shards().shards().size()));
        line(
                "memory    about %s with %d thread(s), excluding the page cache"
                        .formatted(ByteSize.text(plan.memory(threads)), threads));
        if (plan.scratchOfThread() > 0) {
            line(
                    "scratch   at most %s of disk for inner merges"
                            .formatted(ByteSize.text(threads * plan.scratchOfThread())));
        }
        plan.listing().settings().forEach(this::line);
    }

    @Override
    public List<String> names(TensorTask task) {
        return listed(task).stream().map(ListedSource::name).toList();
    }

    @Override
    public String text(TensorTask task, String output, List<String> names) {
        StringBuilder block = new StringBuilder();
        String how =
                switch (task.work()) {
                    case Work.Parts(List<TensorTask> parts) ->
                            " in %d parts, the first:".formatted(parts.size());
                    case Work.Copy _ -> copied(task);
                    case Work.Sum _ -> "";
                    case Work.Merge merge -> values(merge.parameters().global());
                    case Work.Factors factors -> " by " + FactorRows.text(factors);
                };
        line(
                block,
                "  %s %s %s%s"
                        .formatted(output, task.output().dtype(), task.output().shape(), how));
        List<ListedSource> sources = listed(task);
        for (int i = 0; i < sources.size(); i++) {
            line(block, "    " + sources.get(i).text(names.get(i)));
        }
        return block.toString();
    }

    private static String copied(TensorTask task) {
        Optional<TensorTask> made = FactorRows.made(task);
        if (made.isPresent() && made.get().work() instanceof Work.Factors factors) {
            return " by %s%s"
                    .formatted(
                            FactorRows.text(factors),
                            values(factors.merge().parameters().global()));
        }
        return switch (task.sources().getFirst()) {
            case Quantised.Values s -> " quantised in blocks of " + s.blocks();
            case Quantised.Scales s -> " scales of blocks of " + s.blocks();
            default -> " copied";
        };
    }

    // A quantised tensor is listed with the task that computes it.
    private static TensorTask listedTask(TensorTask whole) {
        TensorTask first = whole.parts().getFirst();
        Optional<TensorTask> made = FactorRows.made(first);
        if (made.isPresent()) {
            return made.get();
        }
        return first.isCopy() && first.sources().getFirst() instanceof Quantised quantised
                ? quantised.made().map(PlanText::listedTask).orElse(first)
                : first;
    }

    private List<ListedSource> listed(TensorTask whole) {
        boolean isListedWithA = FactorRows.made(whole).isPresent() && !FactorRows.isA(whole);
        if (isListedWithA || whole.sources().getFirst() instanceof Quantised.Scales) {
            return List.of();
        }
        TensorTask task = listedTask(whole);
        List<ListedSource> listed = new ArrayList<>();
        for (int i = 0; i < task.inputs().size(); i++) {
            TaskInput input = task.inputs().get(i);
            String after =
                    switch (task.work()) {
                        case Work.Copy _, Work.Parts _ -> "";
                        case Work.Sum sum -> times(sum.coefficients().get(i));
                        case Work.Merge merge -> values(merge.parameters().perSource().get(i));
                        case Work.Factors factors -> ofChange(factors, i);
                    };
            boolean base = task.work() instanceof Work.Merge merge && merge.base() == i;
            String label = plan.models().get(input.model()) + (base ? " (base)" : "");
            listed.addAll(ListedSource.of(plan.models(), label, input.source(), after));
        }
        return listed;
    }

    // The second factor has the scale.
    private static String ofChange(Work.Factors factors, int input) {
        Work.Factors.Change change = factors.changes().get(input / 2);
        return input % 2 == 0
                ? values(factors.merge().parameters().perSource().get(change.source()))
                : times(change.scale());
    }

    static String times(double factor) {
        return factor == 1 ? "" : " times " + Value.of(factor);
    }

    private static String values(Map<String, Value> values) {
        return new TreeMap<>(values)
                .entrySet().stream()
                        .map(e -> " " + e.getKey() + "=" + e.getValue())
                        .collect(Collectors.joining());
    }

    private void line(String line) {
        line(text, line);
    }

    private static void line(StringBuilder text, String line) {
        text.append(Printable.line(line)).append('\n');
    }
}
