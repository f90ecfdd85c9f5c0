package jmergekit.moe;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import jmergekit.config.ExpertConfig;
import jmergekit.config.MixtureConfig;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.tokenizer.TextTokenizer;

/// Converts the prompts of a recipe to tokens of the base model.
final class PromptTokens {
    private PromptTokens() {}

    /// The prompts of the experts, followed by the shared expert's; empty if the base model has no
    /// readable tokenizer.
    static Optional<List<ExpertPrompts>> read(
            MixtureConfig config, MixtureModels models, Problems problems) {
        String label = models.base().label();
        List<ExpertConfig> experts = config.allExperts().toList();
        List<String> prompts =
                experts.stream()
                        .flatMap(e ->
                                Stream.concat(
                                        e.positivePrompts().stream(), e.negativePrompts().stream()))
                        .toList();
        try {
            List<int[]> ids =
                    new TextTokenizer(label, models.base().folder().folder()).ids(prompts);
            check(prompts, ids, models.embeddings().shape().size(0), label, problems);
            Iterator<int[]> next = ids.iterator();
            return Optional.of(
                    experts.stream()
                            .map(e ->
                                    new ExpertPrompts(
                                            take(e.positivePrompts().size(), next),
                                            take(e.negativePrompts().size(), next)))
                            .toList());
        } catch (MergeException e) {
            problems.add(e);
            return Optional.empty();
        }
    }

    private static List<int[]> take(int count, Iterator<int[]> ids) {
        List<int[]> taken = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            taken.add(ids.next());
        }
        return taken;
    }

    private static void check(
            List<String> prompts, List<int[]> ids, long rows, String label, Problems problems) {
        for (int i = 0; i < prompts.size(); i++) {
            for (int id : ids.get(i)) {
                if (id >= rows) {
                    problems.add(
                            Problem.input(label, "the tokenizer has tokens without embeddings")
                                    .expected("ids below " + rows)
                                    .found(id + " in prompt '" + prompts.get(i) + "'"));
                }
            }
        }
    }
}
