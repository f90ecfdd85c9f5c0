package jmergekit.arch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The tensors of a model by layer, so that the cost of planning a layer depends on the size of the
/// layer, not of the model.
public final class LayerIndex {
    private record Layer(String prefix, int number) {}

    private final Map<Layer, List<String>> rests = new HashMap<>();
    private final Map<String, Set<String>> restsOfStack = new HashMap<>();
    private final Map<String, Integer> depths = new HashMap<>();

    public LayerIndex(Collection<String> names) {
        for (String name : names) {
            TensorName.split(name).ifPresent(this::add);
        }
    }

    private void add(TensorName name) {
        String prefix = name.prefix();
        rests.computeIfAbsent(new Layer(prefix, name.number()), _ -> new ArrayList<>())
                .add(name.rest());
        restsOfStack.computeIfAbsent(prefix, _ -> new HashSet<>()).add(name.rest());
        depths.merge(prefix, name.number() + 1, Math::max);
    }

    /// The parts of a layer's tensor names after the layer number, in file order.
    public List<String> rests(LayerStack stack, int layer) {
        return rests.getOrDefault(new Layer(stack.prefix(), layer), List.of());
    }

    /// One more than the highest number; 0 without layers.
    public int depth(LayerStack stack) {
        return depths.getOrDefault(stack.prefix(), 0);
    }

    /// Whether any layer has this tensor.
    public boolean has(LayerStack stack, String rest) {
        return restsOfStack.getOrDefault(stack.prefix(), Set.of()).contains(rest);
    }
}
