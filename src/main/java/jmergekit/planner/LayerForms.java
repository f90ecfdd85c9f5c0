package jmergekit.planner;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import jmergekit.arch.LayerStack;
import jmergekit.arch.Place;
import jmergekit.arch.Structure;
import jmergekit.planner.ConfigChanges.LayerOrigin;
import jmergekit.tensor.Shape;
import jmergekit.weights.TensorLocation;

/// The tensors that each layer of each model has: names within the layer, and shapes.
final class LayerForms {
    private final Map<LayerOrigin, Map<String, Shape>> forms = new HashMap<>();

    private LayerForms() {}

    static LayerForms of(List<SourceModel> models, Structure structure, LayerStack stack) {
        LayerForms forms = new LayerForms();
        for (SourceModel model : models) {
            for (Map.Entry<String, TensorLocation> tensor : model.tensors().entrySet()) {
                if (tensor.getKey().startsWith(stack.prefix())
                        && structure.place(tensor.getKey())
                                instanceof Place.InLayer(LayerStack s, int layer, String rest)
                        && s.prefix().equals(stack.prefix())
                        && tensor.getValue().entry().spec().dtype().isFloat()) {
                    forms.forms
                            .computeIfAbsent(
                                    new LayerOrigin(model.index(), layer), _ -> new HashMap<>())
                            .put(rest, tensor.getValue().entry().spec().shape());
                }
            }
        }
        return forms;
    }

    Map<String, Shape> of(LayerOrigin layer) {
        return forms.getOrDefault(layer, Map.of());
    }

    boolean same(LayerOrigin a, LayerOrigin b) {
        return of(a).equals(of(b));
    }

    /// A tensor that only one of two layers has, or that has different shapes in them.
    Optional<String> difference(Map<String, Shape> a, Map<String, Shape> b) {
        Set<String> names = new TreeSet<>(a.keySet());
        names.addAll(b.keySet());
        return names.stream()
                .filter(n -> !Optional.ofNullable(a.get(n)).equals(Optional.ofNullable(b.get(n))))
                .findFirst();
    }
}
