package jmergekit.output;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import jmergekit.config.ExpertConfig;
import jmergekit.config.GateMode;
import jmergekit.config.MixtureConfig;
import jmergekit.model.ModelFolder;
import jmergekit.moe.PlannedMixture;

/// The README.md of a mixture of experts: metadata for the hub, and the models that it was made
/// from.
public final class MixtureCard {
    private final PlannedMixture plan;

    private MixtureCard(PlannedMixture plan) {
        this.plan = plan;
    }

    /// The text of the card. The recipe is quoted verbatim; outside it, absolute paths are not
    /// shown.
    ///
    /// @param title the title of the model, usually the name of its folder
    /// @param hash the hash of the plan
    public static String text(PlannedMixture plan, String title, String hash) {
        MixtureCard card = new MixtureCard(plan);
        return """
        ---
        %s---

        # %s

        This is a mixture of experts made of dense language models with %s.

        ## Mixture Details

        %s

        ### Experts

        %s

        ### Configuration

        The mixture was made with this recipe:

        %s
        %s
        """
                .formatted(
                        CardModels.frontMatter(plan.inputs(), "moe"),
                        Markdown.inline(title),
                        CardModels.program(),
                        card.details(),
                        card.experts(),
                        Markdown.block("yaml", plan.config().text()),
                        CardModels.hash(hash));
    }

    private String details() {
        MixtureConfig config = plan.config();
        GateMode mode = config.gateMode();
        String drawn = mode.prompts() ? "" : " with the random seed " + plan.seed();
        return "Attention, norms and embeddings come from %s. Of %d experts, %d %s each token. The"
                        .formatted(
                                CardModels.link(plan.base()),
                                config.experts().size(),
                                config.expertsPerToken().value(),
                                config.expertsPerToken().value() == 1 ? "processes" : "process")
                + " gates were made with the mode `%s`%s.".formatted(mode.text(), drawn);
    }

    private String experts() {
        String experts = lines(plan.config().experts(), "");
        String shared = lines(plan.config().sharedExperts(), " (shared, processes every token)");
        return shared.isEmpty() ? experts : experts + "\n" + shared;
    }

    private String lines(List<ExpertConfig> experts, String note) {
        return experts.stream()
                .map(e -> "* " + CardModels.link(model(e)) + scale(e) + note)
                .collect(Collectors.joining("\n"));
    }

    private static String scale(ExpertConfig expert) {
        return expert.residualScale()
                .map(s -> String.format(Locale.ROOT, ", scaled by %s", s.value()))
                .orElse("");
    }

    private ModelFolder model(ExpertConfig expert) {
        Optional<ModelFolder> model =
                plan.models().stream()
                        .filter(m -> m.reference().equals(expert.model().value()))
                        .findFirst();
        return model.orElseThrow();
    }
}
