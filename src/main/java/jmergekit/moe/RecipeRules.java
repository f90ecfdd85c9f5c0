package jmergekit.moe;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import jmergekit.config.ExpertConfig;
import jmergekit.config.MixtureConfig;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// Checks of a recipe that do not depend on its models.
final class RecipeRules {
    private final MixtureConfig config;
    private final Problems problems;

    RecipeRules(MixtureConfig config, Problems problems) {
        this.config = config;
        this.problems = problems;
    }

    /// @param allowSameModel whether all experts may be the same model
    void check(boolean allowSameModel) {
        checkCounts();
        if (config.gateMode().prompts()) {
            checkPrompts();
        }
        long models = config.experts().stream().map(e -> e.model().value()).distinct().count();
        // With random gates, the user is going to train the mixture.
        boolean trained = allowSameModel || !config.gateMode().prompts();
        if (models == 1 && config.experts().size() > 1 && !trained) {
            problems.add(
                    Problem.recipe(
                                    config.experts().get(1).model().at(),
                                    "all experts are the same model")
                            .hint(
                                    "use different models, or give"
                                            + " --i-understand-this-is-not-useful-without-training"));
        }
    }

    private void checkCounts() {
        int experts = config.experts().size();
        int perToken = config.expertsPerToken().value();
        if (experts < perToken) {
            problems.add(
                    Problem.recipe(
                                    config.expertsPerToken().at(),
                                    "fewer experts than experts_per_token")
                            .expected("at least " + perToken)
                            .found(String.valueOf(experts)));
        }
    }

    private void checkPrompts() {
        Set<List<List<String>>> seen = new HashSet<>();
        List<ExpertConfig> repeated = new ArrayList<>();
        for (ExpertConfig expert : config.experts()) {
            if (expert.positivePrompts().isEmpty()) {
                problems.add(
                        Problem.recipe(
                                        expert.at(),
                                        "expert '%s' has no positive_prompts"
                                                .formatted(expert.model().value()))
                                .hint(
                                        "gate_mode '%s' needs them; 'random' does not"
                                                .formatted(config.gateMode().text())));
            } else if (!seen.add(List.of(expert.positivePrompts(), expert.negativePrompts()))) {
                repeated.add(expert);
            }
        }
        boolean all = repeated.size() == config.experts().size() - 1;
        for (ExpertConfig expert : repeated) {
            Problem problem =
                    Problem.recipe(
                                    expert.at(),
                                    "expert '%s' has the same prompts as another one"
                                            .formatted(expert.model().value()))
                            .hint("the gate cannot tell them apart");
            problems.add(all ? problem : problem.asWarning());
        }
    }
}
