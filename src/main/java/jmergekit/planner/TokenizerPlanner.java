package jmergekit.planner;

import java.util.List;
import java.util.Optional;
import jmergekit.config.Located;
import jmergekit.config.MergeConfig;
import jmergekit.model.ModelFolder;
import jmergekit.planner.TokenizerPlan.Merged;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.Suggestion;
import jmergekit.tokenizer.ChatTemplates;
import jmergekit.tokenizer.TokenizerOutput;

/// Plans the output's tokenizer from the `tokenizer` section and the `chat_template` of a recipe.
final class TokenizerPlanner {
    private final MergeConfig config;
    private final PlanOptions options;
    private final List<SourceModel> models;
    private final Problems problems;

    /// @param models all models of the recipe, in order
    TokenizerPlanner(
            MergeConfig config, PlanOptions options, List<SourceModel> models, Problems problems) {
        this.config = config;
        this.options = options;
        this.models = models;
        this.problems = problems;
    }

    /// Reports a template that is neither a known name nor looks like a template. Needs no models.
    static void checkChatTemplate(MergeConfig config, Problems problems) {
        config.chatTemplate()
                .filter(t -> !t.value().equals(ChatTemplates.AUTO))
                .filter(t -> ChatTemplates.named(t.value()).isEmpty())
                .ifPresent(t ->
                        problems.add(
                                Problem.recipe(
                                                t.at(),
                                                "unknown chat template '%s'%s"
                                                        .formatted(
                                                                t.value(),
                                                                Suggestion.didYouMean(
                                                                        t.value(),
                                                                        ChatTemplates.names())))
                                        .expected(
                                                "one of %s, or a Jinja template"
                                                        .formatted(
                                                                String.join(
                                                                        ", ",
                                                                        ChatTemplates.names())))));
    }

    /// Empty if the donor's tokenizer is used unchanged, or if something is wrong.
    Optional<TokenizerPlan> plan() {
        try {
            Optional<String> template = config.chatTemplate().flatMap(this::chatTemplate);
            if (config.tokenizer().isPresent()) {
                return new VocabularyPlanner(config, options, models, problems)
                        .plan()
                        .map(merged -> withVocabulary(merged, template));
            }
            ModelFolder donor = models.getFirst().folder();
            return template.map(t ->
                    new TokenizerPlan(
                            TokenizerOutput.of(
                                    donor.reference().toString(), donor.tokenizerFolder(), t),
                            Optional.empty()));
        } catch (MergeException e) {
            problems.add(e);
            return Optional.empty();
        }
    }

    private TokenizerPlan withVocabulary(Merged merged, Optional<String> template) {
        TokenizerOutput files = TokenizerOutput.of(merged.vocabulary(), template);
        if (!files.leftOut().isEmpty()) {
            problems.add(
                    Problem.input(
                                    files.label(),
                                    "%s cannot represent the merged vocabulary and is left out"
                                            .formatted(String.join(", ", files.leftOut())))
                            .hint(
                                    "tools that need it, such as some GGUF converters, cannot read the"
                                            + " output")
                            .asWarning());
        }
        return new TokenizerPlan(files, Optional.of(merged));
    }

    private Optional<String> chatTemplate(Located<String> asked) {
        if (!asked.value().equals(ChatTemplates.AUTO)) {
            return ChatTemplates.named(asked.value());
        }
        Optional<String> found =
                ChatTemplates.mostCommon(models.stream().map(SourceModel::folder).toList());
        if (found.isEmpty()) {
            problems.add(
                    Problem.recipe(asked.at(), "no model has a chat template")
                            .hint("name one of " + String.join(", ", ChatTemplates.names()))
                            .asWarning());
        }
        return found;
    }
}
