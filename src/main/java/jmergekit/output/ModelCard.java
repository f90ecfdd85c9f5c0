package jmergekit.output;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import jmergekit.method.MethodInfo;
import jmergekit.model.ModelFolder;
import jmergekit.model.ModelReference;
import jmergekit.planner.PlannedMerge;
import jmergekit.problem.ShortList;

/// The README.md of a merged model: metadata for the hub, and what was merged in which way.
public final class ModelCard {
    /// Most forms of names that are listed for a model.
    private static final int FORMS = 6;

    private final PlannedMerge plan;

    private ModelCard(PlannedMerge plan) {
        this.plan = plan;
    }

    /// The card. The recipe is quoted verbatim; apart from it, absolute paths are not shown.
    ///
    /// @param title of the model, usually the name of its folder
    /// @param hash of the plan
    public static String text(PlannedMerge plan, String title, String hash) {
        ModelCard card = new ModelCard(plan);
        return """
        ---
        %s---

        # %s

        This is a merge of pre-trained language models created with %s.

        ## Merge Details

        ### Merge Method

        %s

        ### Models Merged

        The following models were merged:

        %s

        %s### Configuration

        The merge was made with this recipe:

        %s
        %s
        """
                .formatted(
                        CardModels.frontMatter(plan.inputs(), "merge"),
                        Markdown.inline(title),
                        CardModels.program(),
                        card.method(),
                        card.models(),
                        card.leftOut(),
                        Markdown.block("yaml", plan.config().text()),
                        CardModels.hash(hash));
    }

    private String method() {
        MethodInfo info = plan.method().info();
        String name =
                info.reference()
                        .map(url -> "[%s](%s)".formatted(info.title(), url))
                        .orElse(info.title());
        String base = base().map(m -> " using " + CardModels.link(m) + " as a base").orElse("");
        String seed = info.random() ? " The random seed was %d.".formatted(plan.seed()) : "";
        return "The models were merged using the %s merge method%s.%s".formatted(name, base, seed);
    }

    private String models() {
        Optional<ModelReference> base = base().map(ModelFolder::reference);
        List<ModelFolder> others =
                plan.models().stream()
                        .filter(m -> !base.equals(Optional.of(m.reference())))
                        .toList();
        // A model stacked on itself is both.
        return (others.isEmpty() ? plan.models() : others)
                .stream().map(m -> "* " + CardModels.link(m)).collect(Collectors.joining("\n"));
    }

    private String leftOut() {
        if (plan.leftOut().isEmpty()) {
            return "";
        }
        String lines =
                plan.leftOut().stream()
                        .map(left ->
                                "- %s of %s: %s"
                                        .formatted(
                                                forms(left.forms()),
                                                CardModels.link(plan.models().get(left.model())),
                                                left.reason()))
                        .collect(Collectors.joining("\n"));
        return "### Tensors Left Out\n\n" + lines + "\n\n";
    }

    private static String forms(List<String> forms) {
        return ShortList.of(forms.stream().map(f -> "`" + f + "`").toList(), FORMS);
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
