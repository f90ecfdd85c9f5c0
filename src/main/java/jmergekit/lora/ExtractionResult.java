package jmergekit.lora;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import jmergekit.plan.TensorTask;
import jmergekit.shards.ShardLayout;
import jmergekit.shards.Sharding;

/// The result of an extraction.
///
/// @param modules the decomposed ones, in the order of the plan
/// @param whole names of modules that are stored in full, with the fine-tune's values
/// @param lost names of tensors that changed but cannot be stored in an adapter
/// @param fusedRank the rank of modules that loaders fuse into one tensor, which must equal the
///     rank in the configuration
/// @param experts the result for parameters that hold the experts' matrices
/// @param biases whether differences of biases are stored
/// @param transposed whether factors of transposed weights are stored
/// @param tasks the tensors of the adapter, sorted by name
public record ExtractionResult(
        ExtractionPlan plan,
        List<ModuleResult> modules,
        List<String> whole,
        List<String> lost,
        OptionalInt fusedRank,
        ExpertParameters.Joined experts,
        boolean biases,
        boolean transposed,
        List<TensorTask> tasks) {
    /// The number of the fine-tune among the models of the tasks.
    static final int FINE_TUNE = 0;

    public ExtractionResult {
        tasks = List.copyOf(tasks);
    }

    /// Labels of the tasks' models in messages, by number.
    public List<String> labels() {
        return List.of(plan.model().reference().toString());
    }

    /// The files that the tensors go to.
    public ShardLayout layout(Sharding sharding) {
        return sharding.adapter(tasks.stream().map(TensorTask::output).toList());
    }

    /// Bytes of all tensors.
    public long bytes() {
        return tasks.stream().mapToLong(t -> t.output().bytes()).sum();
    }

    /// The modules with factors.
    public List<ModuleResult> stored() {
        return modules.stream().filter(ModuleResult::stored).toList();
    }

    /// The modules with their own factors, which are not joined with those of other experts.
    List<ModuleResult> ofModules() {
        Set<String> modules =
                plan.decomposed().stream()
                        .filter(m -> !m.isExpert())
                        .map(ModuleWork.Decomposed::module)
                        .collect(Collectors.toSet());
        return stored().stream().filter(m -> modules.contains(m.module())).toList();
    }

    /// Whether biases are stored in full, with the fine-tune's values.
    boolean keepsBiases() {
        return plan.keepsBiases()
                && tasks.stream().map(t -> t.output().name()).anyMatch(Layout::isKeptBias);
    }

    /// The modules with factors, sorted by decreasing relative error.
    public List<ModuleResult> worstFirst() {
        return stored().stream()
                .sorted(
                        Comparator.comparingDouble((ModuleResult m) -> -m.relativeError())
                                .thenComparing(ModuleResult::module))
                .toList();
    }

    /// The rank of modules for which the configuration has no entry: the largest rank, or the fused
    /// modules' rank if there are any; 1 if there are no factors.
    public int rank() {
        return fusedRank.orElse(stored().stream().mapToInt(ModuleResult::rank).max().orElse(1));
    }

    public int largestRank() {
        return stored().stream().mapToInt(ModuleResult::rank).max().orElse(1);
    }

    /// The error of all factors together, relative to the differences.
    public double relativeError() {
        double errors = stored().stream().mapToDouble(m -> m.error() * m.error()).sum();
        double norms = stored().stream().mapToDouble(m -> m.norm() * m.norm()).sum();
        return norms == 0 ? 0 : Math.sqrt(errors / norms);
    }
}
