package jmergekit.moe;

import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import jmergekit.config.MixtureConfig;
import jmergekit.model.ModelFolder;
import jmergekit.plan.FoldedTensors;
import jmergekit.plan.TensorSource;
import jmergekit.plan.TensorTask;
import jmergekit.problem.ByteSize;
import jmergekit.problem.Printable;

/// A plan for people: what `--dry-run` prints. The same plan gives the same text.
public final class MixtureText {
    private final MixturePlan plan;
    private final StringBuilder text = new StringBuilder();

    private MixtureText(MixturePlan plan) {
        this.plan = plan;
    }

    /// @param every whether each tensor is listed, however many there are
    public static String of(MixturePlan plan, boolean every) {
        MixtureText printed = new MixtureText(plan);
        printed.summary();
        printed.text.append(FoldedTensors.text(plan, every, printed::tensor));
        return printed.text.toString();
    }

    /// The first lines of [#of]: models, counts, sizes.
    public static String summary(MixturePlan plan) {
        MixtureText printed = new MixtureText(plan);
        printed.summary();
        return printed.text.toString();
    }

    private void summary() {
        MixtureConfig config = plan.config();
        line("family    %s", plan.family());
        for (ModelFolder model : plan.models()) {
            line(
                    "model     %s (%s)%s",
                    model.reference(),
                    model.architecture(),
                    model == plan.base() ? ", the base model" : "");
        }
        line(
                "experts   %d, %d for each token, and %d shared",
                config.experts().size(),
                config.expertsPerToken().value(),
                config.sharedExperts().size());
        line("gates     %s, %d tensors", config.gateMode().text(), plan.gates().size());
        line("tensors   %d of %s", plan.tasks().size(), plan.dtype().torchName());
        line("reads     %s", ByteSize.text(plan.inputBytes()));
        line(
                "writes    %s in %d file(s)",
                ByteSize.text(plan.outputBytes()), plan.shards().shards().size());
    }

    private String tensor(TensorTask task, String output, List<String> sources) {
        StringBuilder block = new StringBuilder();
        String values =
                new TreeMap<>(task.parameters().global())
                        .entrySet().stream()
                                .map(e -> " " + e.getKey() + "=" + e.getValue())
                                .collect(Collectors.joining());
        line(block, "  %s %s %s%s", output, task.output().dtype(), task.output().shape(), values);
        for (int i = 0; i < task.sources().size(); i++) {
            TensorSource source = task.sources().get(i);
            line(
                    block,
                    "    %s: %s %s",
                    plan.models().get(source.model()).reference(),
                    sources.get(i),
                    source.spec().dtype());
        }
        return block.toString();
    }

    private void line(String format, Object... arguments) {
        line(text, format, arguments);
    }

    private static void line(StringBuilder text, String format, Object... arguments) {
        text.append(Printable.line(format.formatted(arguments))).append('\n');
    }
}
