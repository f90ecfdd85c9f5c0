package jmergekit.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import jmergekit.method.Value;
import jmergekit.model.ModelFolder;
import jmergekit.plan.TensorTask.Work;
import jmergekit.problem.ByteSize;
import jmergekit.problem.Printable;

/// A plan for people: what `--dry-run` prints. The same plan gives the same text.
public final class PlanText {
    private static final long HEAP_FOR_PLANS = 100_000_000;

    private final MergePlan plan;
    private final StringBuilder text = new StringBuilder();

    private PlanText(MergePlan plan) {
        this.plan = plan;
    }

    /// @param threads of the run, which decide its memory
    /// @param every whether each tensor is listed, however many there are
    public static String of(MergePlan plan, int threads, boolean every) {
        PlanText printed = new PlanText(plan);
        printed.summary(threads);
        printed.changes();
        printed.tokenizer(true);
        printed.text.append(FoldedTensors.text(plan, every, printed::tensor));
        return printed.text.toString();
    }

    /// The first lines of [#of]: models, counts, sizes.
    public static String summary(MergePlan plan, int threads) {
        PlanText printed = new PlanText(plan);
        printed.summary(threads);
        printed.changes();
        printed.tokenizer(false);
        return printed.text.toString();
    }

    private void summary(int threads) {
        line("method    %s", plan.method().info().name());
        for (ModelFolder model : plan.models()) {
            boolean base = plan.base().filter(model.reference()::equals).isPresent();
            line(
                    "model     %s (%s, %d tensors)%s",
                    model.reference(),
                    model.architecture(),
                    model.checkpoint().tensors().size(),
                    base ? ", the base model" : "");
        }
        plan.notes().forEach(note -> line("note      %s", note));
        line("tensors   %s", TensorCounts.of(plan));
        plan.leftOut()
                .forEach(left ->
                        left.forms()
                                .forEach(form ->
                                        line(
                                                "          skipped %s: %s, %s",
                                                plan.models().get(left.model()).reference(),
                                                form,
                                                left.reason())));
        line("reads     %s", ByteSize.text(plan.inputBytes()));
        line(
                "writes    %s in %d file(s)",
                ByteSize.text(plan.outputBytes()), plan.shards().shards().size());
        line(
                "memory    about %s with %d thread(s), besides the page cache",
                ByteSize.text(HEAP_FOR_PLANS + threads * plan.memoryOfThread()), threads);
    }

    private void changes() {
        ConfigChanges changes = plan.configChanges();
        line("config    from %s", plan.donorModel().reference());
        changes.dtype().ifPresent(d -> line("          dtype = %s", d.torchName()));
        changes.stacks()
                .forEach(s ->
                        line(
                                "          %s = %d",
                                String.join(".", s.stack().countKey()), s.layers().size()));
        changes.auxiliary()
                .forEach((key, n) -> line("          %s = %d", String.join(".", key), n));
        changes.vocabularySize().ifPresent(v -> line("          vocab_size = %d", v));
        changes.tieWordEmbeddings().ifPresent(t -> line("          tie_word_embeddings = %s", t));
        if (changes.dequantised()) {
            line("          quantization_config removed");
        }
    }

    private void tokenizer(boolean rows) {
        if (plan.tokenizer().isEmpty()) {
            return;
        }
        TokenizerPlan tokenizer = plan.tokenizer().get();
        line("tokenizer from %s", tokenizer.files().label());
        if (tokenizer.files().chatTemplate().isPresent()) {
            line("          chat_template as the recipe asks");
        }
        List<String> lines =
                tokenizer.merged().map(m -> VocabularyText.lines(plan, m)).orElse(List.of());
        lines.stream().limit(rows ? lines.size() : 1).forEach(l -> line("          %s", l));
    }

    private String tensor(TensorTask task, String output, List<String> sources) {
        StringBuilder block = new StringBuilder();
        String global = values(task.parameters().global());
        line(
                block,
                "  %s %s %s%s",
                output,
                task.output().dtype(),
                task.output().shape(),
                task.work() == Work.COPY ? " copied" : global);
        for (int i = 0; i < task.sources().size(); i++) {
            TensorSource source = task.sources().get(i);
            boolean cut = source.elements() < source.spec().shape().elements();
            if (source.blocks().isPresent()) {
                blocks(block, source.blocks().get(), values(task.parameters().perSource().get(i)));
                continue;
            }
            line(
                    block,
                    "    %s%s: %s %s%s%s%s",
                    plan.models().get(source.model()).reference(),
                    i == task.base() ? " (base)" : "",
                    sources.get(i),
                    source.spec().dtype()
                            + (source.scaling().isPresent() ? " times its scales" : ""),
                    source.rows().isPresent()
                            ? " rows by token of " + source.spec().shape()
                            : cut ? " leading rows of " + source.spec().shape() : "",
                    source.update().map(AdapterUpdate::toString).orElse(""),
                    values(task.parameters().perSource().get(i)));
        }
        return block.toString();
    }

    private void blocks(StringBuilder text, LayerBlocks gathered, String values) {
        Map<TensorSource, List<String>> layers = new LinkedHashMap<>();
        for (LayerBlocks.Block block : gathered.blocks()) {
            layers.computeIfAbsent(block.source(), _ -> new ArrayList<>())
                    .add(String.valueOf(block.layer()));
        }
        layers.forEach((source, numbers) ->
                line(
                        text,
                        "    %s: %s %s blocks of layers %s of %s%s",
                        plan.models().get(source.model()).reference(),
                        source.spec().name(),
                        source.spec().dtype(),
                        String.join(", ", numbers),
                        source.spec().shape(),
                        values));
    }

    private static String values(Map<String, Value> values) {
        return new TreeMap<>(values)
                .entrySet().stream()
                        .map(e -> " " + e.getKey() + "=" + e.getValue())
                        .collect(Collectors.joining());
    }

    /// `3`, `0.5`
    public static String number(double value) {
        return Value.of(value).toString();
    }

    private void line(String format, Object... arguments) {
        line(text, format, arguments);
    }

    private static void line(StringBuilder text, String format, Object... arguments) {
        text.append(Printable.line(format.formatted(arguments))).append('\n');
    }
}
