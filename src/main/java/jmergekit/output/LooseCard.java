package jmergekit.output;

import java.util.List;
import java.util.Optional;
import jmergekit.method.MethodInfo;
import jmergekit.model.LooseWeights;
import jmergekit.model.ModelReference;
import jmergekit.planner.PlannedLooseMerge;

/// The README.md of a merged model of loose tensors.
final class LooseCard {
    private LooseCard() {}

    /// The text of the card.
    ///
    /// @param title the title of the model, usually the name of its folder
    /// @param hash the hash of the plan
    static String text(PlannedLooseMerge merge, String title, String hash) {
        List<String> ids =
                merge.models().stream().flatMap(m -> m.repository().stream()).distinct().toList();
        return new MergeCard(
                        CardModels.frontMatter(ids, Optional.empty(), "merge"),
                        "These tensors are a merge of checkpoints",
                        method(merge),
                        models(merge),
                        CardModels.leftOut(merge.leftOut(), i -> link(merge.models().get(i))),
                        merge.config().text())
                .text(title, hash);
    }

    private static String method(PlannedLooseMerge merge) {
        MethodInfo info = merge.method().info();
        String base =
                base(merge)
                        .map(m -> " using " + link(merge.models().getFirst()) + " as a base")
                        .orElse("");
        return CardModels.method(info, base, merge.seed());
    }

    private static Optional<ModelReference> base(PlannedLooseMerge merge) {
        return merge.method().info().baseIsPartner() ? Optional.empty() : merge.base();
    }

    private static List<String> models(PlannedLooseMerge merge) {
        Optional<ModelReference> base = base(merge);
        List<LooseWeights> others =
                merge.models().stream()
                        .filter(m -> !base.equals(Optional.of(m.reference())))
                        .toList();
        return (others.isEmpty() ? merge.models() : others).stream().map(LooseCard::link).toList();
    }

    private static String link(LooseWeights model) {
        String name = Markdown.inline(ModelName.text(model.reference()));
        return model.repository()
                .map(id ->
                        "[%s](https://huggingface.co/%s) at revision `%s`"
                                .formatted(name, id, model.commit()))
                .orElse(name);
    }
}
