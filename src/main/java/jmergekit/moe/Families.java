package jmergekit.moe;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import jmergekit.config.Located;
import jmergekit.config.MixtureConfig;
import jmergekit.problem.Location;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.Suggestion;

/// The supported families, and the choice among them.
public final class Families {
    /// In the order in which they are tried.
    static final List<MixtureFamily> ALL =
            List.of(
                    new MixtralFamily(),
                    new DeepseekFamily(),
                    new Qwen2MoeFamily(),
                    new Qwen3MoeFamily());

    private Families() {}

    /// The names that a recipe may use.
    public static List<String> names() {
        return ALL.stream().map(MixtureFamily::name).toList();
    }

    /// The family that the recipe names, or else the first one that fits. If there is none,
    /// `problems` contains the reason for each family tried.
    static Optional<MixtureFamily> choose(
            MixtureConfig config, MixtureModels models, Problems problems) {
        List<MixtureFamily> tried =
                config.architecture().isEmpty()
                        ? ALL
                        : named(config.architecture().get(), problems);
        List<Problem> refusals = new ArrayList<>();
        Location at = config.architecture().map(Located::at).orElse(config.at());
        for (MixtureFamily family : tried) {
            Optional<String> refusal = family.refusal(config).or(() -> models.misfit(family));
            if (refusal.isEmpty()) {
                return Optional.of(family);
            }
            refusals.add(
                    Problem.recipe(
                            at,
                            "cannot make a '%s' model: %s"
                                    .formatted(family.name(), refusal.get())));
        }
        refusals.forEach(problems::add);
        return Optional.empty();
    }

    private static List<MixtureFamily> named(Located<String> name, Problems problems) {
        String wanted = name.value().toLowerCase(Locale.ROOT).replace('-', '_');
        List<MixtureFamily> found =
                ALL.stream()
                        .filter(f -> f.name().equals(wanted) || f.otherNames().contains(wanted))
                        .toList();
        if (found.isEmpty()) {
            problems.add(
                    Problem.recipe(
                                    name.at(),
                                    "unknown architecture '%s'%s"
                                            .formatted(
                                                    name.value(),
                                                    Suggestion.didYouMean(name.value(), names())))
                            .expected("one of " + String.join(", ", names())));
        }
        return found;
    }
}
