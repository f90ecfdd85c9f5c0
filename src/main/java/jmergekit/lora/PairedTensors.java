package jmergekit.lora;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import jmergekit.arch.NameMap;
import jmergekit.arch.Structure;
import jmergekit.model.ModelFolder;
import jmergekit.tensor.TensorSpec;
import jmergekit.weights.TensorLocation;

/// The tensors of a fine-tune beside those of its base model, under the base model's names.
///
/// @param pairs what the fine-tune has, in the order of names
/// @param missing names that only the base model has
/// @param tied whether both use their input embeddings as the head
record PairedTensors(List<TensorPair> pairs, List<String> missing, boolean tied) {
    static PairedTensors of(ModelFolder model, ModelFolder base) {
        Map<String, TensorLocation> inBase = tensors(base);
        Map<String, TensorLocation> inModel = new LinkedHashMap<>();
        NameMap.toReference(tensors(model).keySet(), inBase.keySet())
                .forEach((own, name) ->
                        inModel.put(name, model.checkpoint().find(own).orElseThrow()));
        Set<String> names = new LinkedHashSet<>(inBase.keySet());
        names.addAll(inModel.keySet());
        Optional<String> embeddings =
                names.stream().filter(Structure::isInputEmbedding).findFirst();
        boolean tied =
                embeddings.isPresent() && sharesHead(model, inModel) && sharesHead(base, inBase);
        if (tied) {
            names.removeIf(Structure::isHead);
        }
        List<TensorPair> pairs = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (String name : names.stream().sorted().toList()) {
            Optional<TensorLocation> from = find(inBase, name, embeddings);
            find(inModel, name, embeddings)
                    .ifPresentOrElse(
                            to -> pairs.add(new TensorPair(name, to, from)),
                            () -> missing.add(name));
        }
        return new PairedTensors(pairs, missing, tied);
    }

    private static Map<String, TensorLocation> tensors(ModelFolder folder) {
        Map<String, TensorLocation> tensors = new LinkedHashMap<>();
        for (TensorSpec spec : folder.checkpoint().tensors()) {
            // Counts and positions are not trained.
            if (spec.dtype().isFloat()) {
                tensors.put(spec.name(), folder.checkpoint().find(spec.name()).orElseThrow());
            }
        }
        return tensors;
    }

    // A head in the files of a model that is configured to share one is not looked at by loaders.
    private static boolean sharesHead(ModelFolder folder, Map<String, TensorLocation> tensors) {
        boolean hasHead = tensors.keySet().stream().anyMatch(Structure::isHead);
        return folder.config().tieWordEmbeddings().orElse(!hasHead);
    }

    /// A head that one of the models lacks is its input embeddings.
    private static Optional<TensorLocation> find(
            Map<String, TensorLocation> tensors, String name, Optional<String> embeddings) {
        Optional<TensorLocation> own = Optional.ofNullable(tensors.get(name));
        return own.isPresent() || !Structure.isHead(name) ? own : embeddings.map(tensors::get);
    }
}
