package jmergekit.planner;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jmergekit.arch.LayerIndex;
import jmergekit.model.Adapter;
import jmergekit.model.InputFile;
import jmergekit.model.ModelFolder;
import jmergekit.problem.Problems;
import jmergekit.weights.TensorLocation;
import jmergekit.weights.WeightHeader;

/// The tensors of a model with an adapter, which changes the values that packed weights stand for.
/// Packed weights that the adapter does not change stay packed.
final class AdaptedTensors {
    private AdaptedTensors() {}

    /// What the adapter does, by the names of the model's tensors.
    ///
    /// @param tensors the model's tensors by name; replaced by those that the adapter is applied to
    /// @param files the names that plans give the files; filled as files are used
    static Map<String, AdapterUpdate> updates(
            ModelFolder folder,
            Adapter adapter,
            Map<String, TensorLocation> tensors,
            Map<WeightHeader, InputFile> files,
            Problems problems) {
        SourceModel plain =
                new SourceModel(
                        0,
                        folder,
                        new LinkedHashMap<>(tensors),
                        Map.of(),
                        List.of(),
                        new LayerIndex(tensors.keySet()),
                        Map.of(),
                        files);
        Problems misfits = new Problems();
        List<ViewedTensor> views = PackedFloats.views(plain, misfits);
        Map<String, TensorLocation> unpacked = new LinkedHashMap<>(plain.with(views).tensors());
        Map<String, AdapterUpdate> updates =
                new AdapterMatch(folder, adapter, unpacked).updates(problems);
        if (views.stream().anyMatch(v -> updates.containsKey(v.name()))) {
            problems.addAll(misfits);
            tensors.clear();
        } else {
            views.forEach(v -> unpacked.remove(v.name()));
        }
        tensors.putAll(unpacked);
        return updates;
    }
}
