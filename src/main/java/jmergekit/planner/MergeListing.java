package jmergekit.planner;

import java.util.ArrayList;
import java.util.List;
import jmergekit.model.ModelFolder;
import jmergekit.plan.Plan;

/// The lines of a merge's listing other than tensors and sizes.
public final class MergeListing {
    private final PlannedMerge merge;
    private final List<String> lines = new ArrayList<>();

    private MergeListing(PlannedMerge merge) {
        this.merge = merge;
    }

    public static Plan.Listing of(PlannedMerge merge) {
        List<String> tokenizer = new MergeListing(merge).tokenizer();
        List<String> settings = new ArrayList<>(new MergeListing(merge).changes());
        int first = Math.min(tokenizer.size(), merge.tokenizer().isPresent() ? summary(merge) : 0);
        settings.addAll(tokenizer.subList(0, first));
        return new Plan.Listing(
                new MergeListing(merge).head(),
                settings,
                tokenizer.subList(first, tokenizer.size()));
    }

    // The tokenizer lines of a summary: its origin, the template, the size.
    private static int summary(PlannedMerge merge) {
        TokenizerPlan tokenizer = merge.tokenizer().orElseThrow();
        return 1
                + (tokenizer.files().chatTemplate().isPresent() ? 1 : 0)
                + (tokenizer.merged().isPresent() ? 1 : 0);
    }

    private List<String> head() {
        line("method    %s", merge.method().info().name());
        for (ModelFolder model : merge.models()) {
            boolean base = merge.base().filter(model.reference()::equals).isPresent();
            line(
                    "model     %s (%s, %d tensors)%s%s",
                    model.reference(),
                    model.architecture(),
                    model.checkpoint().tensors().size(),
                    model.isMade() ? ", made by another recipe" : "",
                    base ? ", the base model" : "");
        }
        merge.inner()
                .forEach((model, inner) ->
                        line(
                                "made      %s, by %s of %s",
                                model,
                                inner.method().info().name(),
                                String.join(", ", inner.labels())));
        merge.notes().forEach(note -> line("note      %s", note));
        line("tensors   %s", TensorCounts.of(merge));
        for (LeftOut left : merge.leftOut()) {
            String model = merge.labels().get(left.model());
            left.forms()
                    .forEach(form ->
                            line("          skipped %s: %s, %s", model, form, left.reason()));
        }
        return lines;
    }

    private List<String> changes() {
        ConfigChanges changes = merge.configChanges();
        line("config    from %s", merge.donorModel().reference());
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
        changes.quantisation()
                .ifPresent(q ->
                        line(
                                "          quantization_config of %s",
                                q.path("quant_method").asString("the first model")));
        return lines;
    }

    private List<String> tokenizer() {
        if (merge.tokenizer().isEmpty()) {
            return lines;
        }
        TokenizerPlan tokenizer = merge.tokenizer().get();
        line("tokenizer from %s", tokenizer.files().label());
        if (tokenizer.files().chatTemplate().isPresent()) {
            line("          chat_template from the recipe");
        }
        tokenizer
                .merged()
                .map(m -> VocabularyText.lines(merge, m))
                .orElse(List.of())
                .forEach(l -> line("          %s", l));
        return lines;
    }

    private void line(String format, Object... arguments) {
        lines.add(format.formatted(arguments));
    }
}
