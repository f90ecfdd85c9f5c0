package jmergekit.lora;

import java.util.stream.Collectors;
import jmergekit.problem.ByteSize;
import jmergekit.problem.Printable;

/// A plan of a merge of adapters for people: what `--dry-run` prints.
public final class AdapterMergeText {
    private final AdapterMergePlan plan;
    private final StringBuilder text = new StringBuilder();

    private AdapterMergeText(AdapterMergePlan plan) {
        this.plan = plan;
    }

    public static String of(AdapterMergePlan plan) {
        AdapterMergeText printed = new AdapterMergeText(plan);
        printed.summary();
        printed.tensors();
        return printed.text.toString();
    }

    private void summary() {
        line("method    %s of adapters", plan.method().info().name());
        plan.inputs().forEach(i -> line("adapter   %s", i.label()));
        line("tensors   %d", plan.tensors().size());
        line("rank      %d", plan.rank());
        line("writes    %s in %s", ByteSize.text(plan.outputBytes()), AdapterMergePlan.WEIGHTS);
    }

    private void tensors() {
        line("");
        for (MergedTensor tensor : plan.tensors()) {
            line(
                    "  %s %s %s %s",
                    tensor.spec().name(),
                    tensor.spec().dtype(),
                    tensor.spec().shape(),
                    switch (tensor.way()) {
                        case STACKED -> "on top of each other:";
                        case JOINED -> "beside each other:";
                        case SUMMED -> "the sum of:";
                    });
            line(
                    "    %s",
                    tensor.parts().stream()
                            .map(p -> p.factor() + " * " + plan.inputs().get(p.input()).label())
                            .collect(Collectors.joining(", ")));
        }
    }

    private void line(String format, Object... arguments) {
        text.append(Printable.line(format.formatted(arguments))).append('\n');
    }
}
