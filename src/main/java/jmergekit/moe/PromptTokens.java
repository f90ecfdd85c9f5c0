package jmergekit.moe;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jmergekit.config.ExpertConfig;
import jmergekit.config.MixtureConfig;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.tokenizer.TextTokenizer;

/// Turns the prompts of a recipe into tokens of the base model.
final class PromptTokens {
    private final TextTokenizer tokenizer;
    private final long rows;
    private final String label;
    private final Problems problems;

    private PromptTokens(TextTokenizer tokenizer, long rows, String label, Problems problems) {
        this.tokenizer = tokenizer;
        this.rows = rows;
        this.label = label;
        this.problems = problems;
    }

    /// The prompts of the experts, then of the shared expert; empty if the base model has no
    /// tokenizer that can be read.
    static Optional<List<ExpertPrompts>> read(
            MixtureConfig config, MixtureModels models, Problems problems) {
        String label = models.base().label();
        try (TextTokenizer tokenizer = TextTokenizer.open(label, models.base().folder().folder())) {
            long rows = models.embeddings().shape().size(0);
            PromptTokens tokens = new PromptTokens(tokenizer, rows, label, problems);
            return Optional.of(config.allExperts().map(tokens::of).toList());
        } catch (MergeException e) {
            problems.add(e);
            return Optional.empty();
        }
    }

    private ExpertPrompts of(ExpertConfig expert) {
        return new ExpertPrompts(of(expert.positivePrompts()), of(expert.negativePrompts()));
    }

    private List<int[]> of(List<String> prompts) {
        List<int[]> ids = new ArrayList<>();
        for (String prompt : prompts) {
            int[] tokens = tokenizer.ids(prompt);
            for (int id : tokens) {
                if (id >= rows) {
                    problems.add(
                            Problem.input(label, "the tokenizer has tokens without embeddings")
                                    .expected("ids below " + rows)
                                    .found(id + " in prompt '" + prompt + "'"));
                }
            }
            ids.add(tokens);
        }
        return ids;
    }
}
