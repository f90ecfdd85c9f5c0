package jmergekit.planner;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import jmergekit.arch.Structure;
import jmergekit.model.ModelConfig;
import jmergekit.model.ModelFolder;
import jmergekit.plan.TensorTask;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.tensor.TensorSpec;

/// Checks that stacked layers fit together. The sources of one tensor are compared by shape, but
/// tensors from different models only meet when the merged model runs.
final class StackFit {
    /// The sizes that all layers of a model share, with their names in config.json.
    private static final Map<String, List<String>> SIZES = new LinkedHashMap<>();

    static {
        SIZES.put("the hidden size", List.of("hidden_size", "n_embd", "d_model", "dim"));
        SIZES.put("the number of attention heads", List.of("num_attention_heads", "n_head"));
        SIZES.put("the number of key and value heads", List.of("num_key_value_heads"));
        SIZES.put("the size of a head", List.of("head_dim"));
        SIZES.put("the size of the MLP", List.of("intermediate_size", "n_inner"));
    }

    private StackFit() {}

    /// All models must have layers of the same size.
    static void checkSizes(List<ModelFolder> models, Problems problems) {
        ModelFolder first = models.getFirst();
        SIZES.forEach((what, keys) -> {
            OptionalLong expected = size(first.config(), keys);
            for (ModelFolder model : models) {
                OptionalLong found = size(model.config(), keys);
                if (expected.isPresent() && found.isPresent() && !expected.equals(found)) {
                    problems.add(
                            Problem.input(
                                            model.reference().toString(),
                                            what + " differs, so its layers do not fit")
                                    .expected(
                                            expected.getAsLong()
                                                    + " as in '"
                                                    + first.reference()
                                                    + "'")
                                    .found(String.valueOf(found.getAsLong())));
                }
            }
        });
    }

    private static OptionalLong size(ModelConfig config, List<String> keys) {
        return keys.stream()
                .map(config::size)
                .filter(OptionalLong::isPresent)
                .findFirst()
                .orElse(OptionalLong.empty());
    }

    /// The head must have as many rows as the input embeddings, or differ from them as in one of
    /// the models: in Llama 3.2 Vision, only the embeddings have rows for images.
    static void checkVocabulary(
            List<TensorTask> tasks, List<SourceModel> models, String recipe, Problems problems) {
        Optional<TensorSpec> embeddings = find(tasks, true);
        Optional<TensorSpec> head = find(tasks, false);
        if (embeddings.isPresent()
                && head.isPresent()
                && embeddings.get().shape().size(0) != head.get().shape().size(0)
                && models.stream()
                        .noneMatch(m -> hasRows(m, embeddings.get()) && hasRows(m, head.get()))) {
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
                                    "take the first and the last slice from models with the same"
                                            + " vocabulary, or add a 'tokenizer' section"));
        }
    }

    private static boolean hasRows(SourceModel model, TensorSpec output) {
        return model.find(output.name())
                .map(l -> l.entry().spec().shape())
                .filter(s -> s.rank() > 0 && s.size(0) == output.shape().size(0))
                .isPresent();
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
