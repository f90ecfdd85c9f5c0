package jmergekit.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jmergekit.compare.ModelDifference;
import jmergekit.engine.BoundPlan;
import jmergekit.engine.RunThreads;
import jmergekit.method.MergeMethods;
import jmergekit.primitive.Executor;
import jmergekit.threads.Cancellation;

/// Figures of a plan that require reading some of the weights. They take a few seconds.
///
/// @param time empty if no sample was made
/// @param preview a comparison for each set of models that is merged
/// @param unknown why there is no time or no preview, as text
public record CheckMeasures(
        Optional<TimeEstimate> time, List<ModelDifference> preview, List<String> unknown) {
    /// No figures: no weights were read.
    public static final CheckMeasures NONE =
            new CheckMeasures(Optional.empty(), List.of(), List.of());

    /// The number of elements a preview reads, over all versions.
    private static final long ELEMENTS = 1L << 26;

    public CheckMeasures {
        preview = List.copyOf(preview);
        unknown = List.copyOf(unknown);
    }

    /// Computes a sample of the tensors, then compares samples of the models.
    ///
    /// @param pending whether weights still need to be downloaded
    /// @param place an existing folder on the output's disk
    /// @param sync whether the run flushes its files to disk
    public static CheckMeasures of(
            BoundPlan plan,
            boolean pending,
            MergeMethods methods,
            RunThreads threads,
            Executor executor,
            Path place,
            boolean sync) {
        if (pending) {
            return without("time and interference, since weights still need to be downloaded");
        }
        if (plan.inputs().states().stream().anyMatch(s -> !s.remote().isEmpty())) {
            return without("time and interference, since weights are in a store");
        }
        List<String> unknown = new ArrayList<>();
        Optional<TimeEstimate> time =
                new TimeProbe(plan, methods, threads, executor, place, sync).estimate();
        if (!plan.plan().missing().isEmpty()) {
            unknown.add("the time for the gates, which are computed before the tensors");
        }
        return new CheckMeasures(time, preview(plan, threads.workers(), unknown), unknown);
    }

    private static CheckMeasures without(String reason) {
        return new CheckMeasures(Optional.empty(), List.of(), List.of(reason));
    }

    private static List<ModelDifference> preview(
            BoundPlan plan, int threads, List<String> unknown) {
        TensorPlaces places = TensorPlaces.of(plan.plan());
        List<VersionSample.Versions> versions =
                VersionSample.fewer(VersionSample.ofMerges(plan.plan()), places, ELEMENTS);
        boolean merges = TaskKind.of(plan.plan()).stream().anyMatch(TaskKind::isMerged);
        if (versions.isEmpty() && merges) {
            unknown.add("interference, since no tensor is merged from two or more stored tensors");
        }
        long count = versions.stream().mapToLong(v -> v.versions().size()).sum();
        return new VersionSample(
                        places,
                        plan.inputs(),
                        threads,
                        VersionSample.most(ELEMENTS, (int) count),
                        (_, _) -> {},
                        new Cancellation())
                .measure(versions);
    }
}
