package jmergekit.linalg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The Gram matrices of a layer's linear modules. Modules with the same input share one, under the
/// name of the first.
public final class LayerGrams implements AutoCloseable {
    /// The modules by the first module with the same input.
    public static final Map<String, List<String>> MODULES = modules();

    private final Map<String, Gram> grams = new LinkedHashMap<>();
    private final NDManager manager;

    private static Map<String, List<String>> modules() {
        Map<String, List<String>> modules = new LinkedHashMap<>();
        modules.put(
                "self_attn.q_proj",
                List.of("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"));
        modules.put("self_attn.o_proj", List.of("self_attn.o_proj"));
        modules.put("mlp.gate_proj", List.of("mlp.gate_proj", "mlp.up_proj"));
        modules.put("mlp.down_proj", List.of("mlp.down_proj"));
        return modules;
    }

    LayerGrams() {
        this.manager = Torch.newManager();
    }

    /// The inputs of a layer's modules for one slice of texts.
    static final class Kept implements LinearInputs, AutoCloseable {
        private final NDManager manager = Torch.newManager();
        private final Map<String, NDList> inputs = new LinkedHashMap<>();

        @Override
        public void input(String module, NDArray x) {
            if (MODULES.containsKey(module)) {
                NDArray copy = x.duplicate();
                copy.attach(manager);
                inputs.computeIfAbsent(module, _ -> new NDList()).add(copy);
            }
        }

        @Override
        public void close() {
            manager.close();
        }
    }

    /// The work of adding these inputs, in pieces that may run at the same time. The sums do not
    /// depend on how they do.
    List<Runnable> adding(List<Kept> slices) {
        List<Runnable> pieces = new ArrayList<>();
        for (String module : MODULES.keySet()) {
            List<NDArray> inputs =
                    slices.stream().flatMap(s -> s.inputs.get(module).stream()).toList();
            int size = Math.toIntExact(inputs.getFirst().getShape().get(1));
            Gram gram = grams.computeIfAbsent(module, _ -> new Gram(size, manager));
            for (int i = 0; i < gram.panels(); i++) {
                int panel = i;
                pieces.add(() -> inputs.forEach(x -> gram.add(panel, x)));
            }
        }
        return pieces;
    }

    /// Writes the means over all tokens.
    void write(int layer, long tokens, TensorNames names, StatisticsSink sink) {
        grams.forEach((module, gram) ->
                gram.write(
                        tokens, Statistic.GRAM.of(names.ofLayer(layer, module + ".weight")), sink));
    }

    @Override
    public void close() {
        manager.close();
    }
}
