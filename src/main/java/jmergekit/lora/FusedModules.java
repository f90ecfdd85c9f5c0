package jmergekit.lora;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import jmergekit.tensor.TensorSpec;

/// Modules that loaders fuse into one tensor: the experts of a mixture. PEFT fuses their factors
/// into one pair, so all must be present and have the same rank.
record FusedModules(List<ModuleWork.Decomposed> modules) {
    static FusedModules of(ExtractionPlan plan) {
        return new FusedModules(
                plan.decomposed().stream()
                        .filter(m -> m.together() == ModuleWork.Together.MODULES)
                        .toList());
    }

    /// The common rank; empty if no module changed.
    OptionalInt rank(Map<String, ModuleResult> results) {
        return modules.stream()
                .map(m -> results.get(m.module()))
                .filter(ModuleResult::stored)
                .mapToInt(ModuleResult::rank)
                .max();
    }

    /// Pads factors of a lower rank with rows and columns of zeros, and adds zero factors for
    /// unchanged modules.
    void evenOut(Map<String, ModuleResult> results, FactorStore store) {
        OptionalInt rank = rank(results);
        if (rank.isEmpty()) {
            return;
        }
        for (ModuleWork.Decomposed module : modules) {
            ModuleResult result = results.get(module.module());
            if (!result.stored()) {
                zeros(module.a(rank.getAsInt()), store);
                zeros(module.b(rank.getAsInt()), store);
            } else if (result.rank() < rank.getAsInt()) {
                enlarge(module.a(rank.getAsInt()), store);
                enlarge(module.b(rank.getAsInt()), store);
            }
            results.put(module.module(), result.withRank(rank.getAsInt()));
        }
    }

    private static void enlarge(TensorSpec spec, FactorStore store) {
        store.enlarge(spec.name(), spec.shape());
    }

    private static void zeros(TensorSpec spec, FactorStore store) {
        store.add(spec).write(0, MemorySegment.ofArray(new byte[Math.toIntExact(spec.bytes())]));
    }
}
