package jmergekit.output;

import java.util.List;
import java.util.Optional;
import jmergekit.method.MethodInfo;
import jmergekit.model.ModelFolder;
import jmergekit.model.ModelReference;
import jmergekit.planner.PlannedMerge;

/// The README.md of a merged model: metadata for the hub, the merged models and the method.
public final class ModelCard {
    private final PlannedMerge plan;

    private ModelCard(PlannedMerge plan) {
        this.plan = plan;
    }

    /// The text of the card.
    ///
    /// @param title the title of the model, usually the name of its folder
    /// @param hash the hash of the plan
    public static String text(PlannedMerge plan, String title, String hash) {
        ModelCard card = new ModelCard(plan);
        return new MergeCard(
                        CardModels.frontMatter(plan.inputs(), "merge"),
                        "This is a merge of pre-trained language models",
                        card.method(),
                        card.models(),
                        CardModels.leftOut(
                                plan.leftOut(), i -> CardModels.link(plan.models().get(i))),
                        plan.config().text())
                .text(title, hash);
    }

    private String method() {
        MethodInfo info = plan.method().info();
        String base = base().map(m -> " using " + CardModels.link(m) + " as a base").orElse("");
        return CardModels.method(info, base, plan.seed());
    }

    private List<String> models() {
        Optional<ModelReference> base = base().map(ModelFolder::reference);
        List<ModelFolder> others =
                plan.models().stream()
                        .filter(m -> !base.equals(Optional.of(m.reference())))
                        .toList();
        // A model stacked on itself is both.
        return (others.isEmpty() ? plan.models() : others).stream().map(CardModels::link).toList();
    }

    private Optional<ModelFolder> base() {
        return plan.method().info().baseIsPartner()
                ? Optional.empty()
                : plan.base()
                        .flatMap(b ->
                                plan.models().stream()
                                        .filter(m -> m.reference().equals(b))
                                        .findFirst());
    }
}
