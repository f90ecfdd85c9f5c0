package jmergekit.lora;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import jmergekit.lora.ModuleWork.Decomposed;
import jmergekit.lora.ModuleWork.Together;
import jmergekit.plan.Rearranged;
import jmergekit.plan.Source;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;

/// A parameter of a module that holds one matrix for each expert of a layer. PEFT has one pair of
/// factors for it: A stacks the experts' factors A, and B interleaves the columns of the experts'
/// factors B, starting with the first column of each expert.
///
/// Source: `target_parameters` in <https://huggingface.co/docs/peft/package_reference/lora>; the
/// behaviour of PEFT 0.21.
///
/// @param module that it belongs to, as loaders name it
/// @param parameter its name in the module
/// @param experts the work for each
record ExpertParameter(String module, String parameter, List<Decomposed> experts) {
    /// @param tensor of three dimensions, in both models
    static ExpertParameter of(TensorPair tensor, Layout layout) {
        int count = Math.toIntExact(tensor.spec().shape().size(0));
        List<Decomposed> experts =
                IntStream.range(0, count)
                        .mapToObj(e ->
                                new Decomposed(
                                        tensor.name() + "." + e,
                                        layout,
                                        expert(tensor, e),
                                        Optional.empty(),
                                        Together.PARAMETER))
                        .toList();
        return new ExpertParameter(tensor.module(), tensor.parameter(), experts);
    }

    private static TensorPair expert(TensorPair tensor, int expert) {
        return new TensorPair(
                tensor.name() + "." + expert,
                tensor.stored() + "." + expert,
                block(tensor.model(), expert),
                tensor.base().map(b -> block(b, expert)));
    }

    private static Source block(Source all, int expert) {
        Shape shape = Shape.of(all.shape().size(1), all.shape().size(2));
        return new Rearranged.Rows(
                all, shape.size(1), Math.multiplyExact(expert, shape.size(0)), 1, shape);
    }

    String name() {
        return module + "." + parameter;
    }

    /// The name by which adapters target it in all layers.
    String target() {
        return Layout.lastPart(module) + "." + parameter;
    }

    boolean isStored(Map<String, ModuleResult> results) {
        return experts.stream().anyMatch(e -> results.get(e.module()).stored());
    }

    /// The rank of its factors: the largest rank among its experts. Experts without factors get
    /// zeros.
    int rank(Map<String, ModuleResult> results) {
        return experts.stream().mapToInt(e -> results.get(e.module()).rank()).reduce(1, Math::max);
    }

    /// Joins the experts' factors.
    ///
    /// @param module name of the module with the factors in the adapter
    void join(String module, Map<String, ModuleResult> results, FactorStore store) {
        int rank = rank(results);
        Decomposed first = experts.getFirst();
        DType dtype = first.dtype();
        TensorSpec a = first.layout().a(module, dtype, first.shape(), rank);
        TensorSpec b = first.layout().b(module, dtype, first.shape(), rank);
        Shape tall = Shape.of((long) rank * experts.size(), a.shape().size(1));
        Factor.Sink intoA = store.add(new TensorSpec(a.name(), dtype, tall));
        List<byte[]> ofB = new ArrayList<>();
        List<Integer> ranks = new ArrayList<>();
        for (int e = 0; e < experts.size(); e++) {
            Decomposed expert = experts.get(e);
            ModuleResult result = results.get(expert.module());
            int own = result.stored() ? result.rank() : 0;
            byte[] block = new byte[Math.toIntExact(a.bytes())];
            if (own > 0) {
                byte[] stored = store.take(expert.a(own).name());
                System.arraycopy(stored, 0, block, 0, stored.length);
            }
            intoA.write(e * a.bytes(), MemorySegment.ofArray(block));
            ofB.add(own > 0 ? store.take(expert.b(own).name()) : new byte[0]);
            ranks.add(own);
        }
        long rows = b.shape().size(0);
        Shape wide = Shape.of(rows, (long) rank * experts.size());
        Factor.Sink intoB = store.add(new TensorSpec(b.name(), dtype, wide));
        int size = dtype.bytes();
        for (int row = 0; row < rows; row++) {
            byte[] line = new byte[Math.toIntExact(wide.size(1) * size)];
            for (int e = 0; e < experts.size(); e++) {
                for (int k = 0; k < ranks.get(e); k++) {
                    System.arraycopy(
                            ofB.get(e),
                            (row * ranks.get(e) + k) * size,
                            line,
                            (k * experts.size() + e) * size,
                            size);
                }
            }
            intoB.write((long) row * line.length, MemorySegment.ofArray(line));
        }
    }
}
