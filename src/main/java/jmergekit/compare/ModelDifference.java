package jmergekit.compare;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// How two or more models differ. The first is the reference.
///
/// @param models their names
/// @param hasBase whether the reference is the base of the others, so that their changes are task vectors
/// @param tensors the measured tensors, which all models have, in the reference's order
/// @param skipped tensors that were not measured
/// @param files how other files differ
public record ModelDifference(
        List<String> models,
        boolean hasBase,
        List<TensorDifference> tensors,
        List<Skipped> skipped,
        List<FileDifference> files) {
    public ModelDifference {
        models = List.copyOf(models);
        tensors = List.copyOf(tensors);
        skipped = List.copyOf(skipped);
        files = List.copyOf(files);
    }

    /// A tensor that could not be compared.
    ///
    /// @param models the indices of models that have it
    /// @param reason the reason, such as `only in some` or `shapes [4, 8] and [4, 9]`
    public record Skipped(String name, List<Integer> models, String reason) {
        public Skipped {
            models = List.copyOf(models);
        }
    }

    /// How a file of a version differs from the reference's.
    ///
    /// @param model the index of the file's model
    /// @param file such as `config.json`, or `tokenizer` for a vocabulary
    /// @param changes at most [#MOST_CHANGES]; further ones are only counted
    /// @param count the number of all changes
    public record FileDifference(int model, String file, List<Change> changes, long count) {
        /// The maximum number of changes listed per file.
        public static final int MOST_CHANGES = 1000;

        /// The name of a change of a whole vocabulary that is missing or cannot be read.
        public static final String VOCABULARY = "the vocabulary";

        public FileDifference {
            changes = List.copyOf(changes);
        }
    }

    /// One change in a file.
    ///
    /// @param what for example a key or a token
    /// @param before the value in the reference, empty if absent
    /// @param after the value in the version, empty if absent
    public record Change(String what, String before, String after) {}

    /// The sums of all tensors.
    public Sums total() {
        return tensors.stream()
                .map(TensorDifference::sums)
                .reduce(Sums.none(models.size()), Sums::plus);
    }

    /// The sums of the tensors of each part of the layers of a module, by part, then by layer.
    public Map<String, Map<Integer, Sums>> byPart(String module) {
        Map<String, Map<Integer, Sums>> parts = new TreeMap<>();
        for (TensorDifference tensor : tensors) {
            if (tensor.layer().isPresent() && tensor.module().equals(module)) {
                parts.computeIfAbsent(tensor.part(), _ -> new TreeMap<>())
                        .merge(tensor.layer().getAsInt(), tensor.sums(), Sums::plus);
            }
        }
        return parts;
    }

    /// The sums of the tensors of each layer of a module.
    public Map<Integer, Sums> byLayer(String module) {
        Map<Integer, Sums> layers = new TreeMap<>();
        byPart(module)
                .values()
                .forEach(part ->
                        part.forEach((layer, sums) -> layers.merge(layer, sums, Sums::plus)));
        return layers;
    }
}
