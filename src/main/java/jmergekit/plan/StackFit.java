package jmergekit.plan;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import jmergekit.arch.Structure;
import jmergekit.model.ModelConfig;
import jmergekit.model.ModelFolder;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.tensor.TensorSpec;

/// Checks that what is stacked fits together. Sources of one tensor are compared by shape; tensors
/// that come from different models meet only when the merged model runs.
final class StackFit {
    private static final List<List<String>> HIDDEN_SIZES =
            List.of(
                    List.of("hidden_size"),
                    List.of("n_embd"),
                    List.of("d_model"),
                    List.of("dim"),
                    List.of("text_config", "hidden_size"));

    private StackFit() {}

    /// All models must have one hidden size.
    static void checkHiddenSizes(List<ModelFolder> models, Problems problems) {
        ModelFolder first = models.getFirst();
        OptionalLong expected = hiddenSize(first.config());
        for (ModelFolder model : models) {
            OptionalLong found = hiddenSize(model.config());
            if (expected.isPresent() && found.isPresent() && !expected.equals(found)) {
                problems.add(
                        Problem.input(
                                        model.reference().toString(),
                                        "the hidden size differs, so its layers do not fit")
                                .expected(
                                        expected.getAsLong() + " as in '" + first.reference() + "'")
                                .found(String.valueOf(found.getAsLong())));
            }
        }
    }

    private static OptionalLong hiddenSize(ModelConfig config) {
        return HIDDEN_SIZES.stream()
                .map(path -> config.number(path.toArray(String[]::new)))
                .filter(OptionalLong::isPresent)
                .findFirst()
                .orElse(OptionalLong.empty());
    }

    /// The head must have as many rows as the input embeddings.
    static void checkVocabulary(List<TensorTask> tasks, String recipe, Problems problems) {
        Optional<TensorSpec> embeddings = find(tasks, true);
        Optional<TensorSpec> head = find(tasks, false);
        if (embeddings.isPresent()
                && head.isPresent()
                && embeddings.get().shape().size(0) != head.get().shape().size(0)) {
            problems.add(
                    Problem.usage(
                                    recipe,
                                    "the output's '%s' would be %s and its '%s' %s"
                                            .formatted(
                                                    embeddings.get().name(),
                                                    embeddings.get().shape(),
                                                    head.get().name(),
                                                    head.get().shape()))
                            .hint(
                                    "take the first and the last slice from models of one"
                                            + " vocabulary"));
        }
    }

    private static Optional<TensorSpec> find(List<TensorTask> tasks, boolean input) {
        return tasks.stream()
                .map(TensorTask::output)
                .filter(t ->
                        input ? Structure.isInputEmbedding(t.name()) : Structure.isHead(t.name()))
                .filter(t -> t.shape().rank() == 2)
                .findFirst();
    }
}
