package jmergekit.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import jmergekit.compare.ModelDifference;
import jmergekit.compare.Spectrum;
import jmergekit.compare.Sums;
import jmergekit.compare.TensorDifference;
import jmergekit.compare.TensorSums;
import jmergekit.compare.TokenRows;
import jmergekit.engine.InputFolders;
import jmergekit.engine.Progress;
import jmergekit.engine.TaskReading;
import jmergekit.plan.Plan;
import jmergekit.plan.Source;
import jmergekit.plan.TaskInput;
import jmergekit.plan.TensorTask;
import jmergekit.plan.Work;
import jmergekit.tensor.DType;
import jmergekit.tensor.TensorSpec;
import jmergekit.threads.Cancellation;

/// Compares versions of tensors in an even sample of their elements.
///
/// @param inputs where the folders of the versions lie
/// @param most elements that are read of each tensor
record VersionSample(
        TensorPlaces places,
        InputFolders inputs,
        int threads,
        long most,
        Progress progress,
        Cancellation cancellation) {
    /// Elements of a tensor that tell something.
    private static final long LEAST = 4096;

    private static final long MOST = 1 << 18;

    /// Versions of a tensor.
    ///
    /// @param tensor whose they are
    /// @param models that have them
    /// @param hasBase whether the first is the base
    /// @param versions all of one shape
    record Versions(String tensor, List<String> models, boolean hasBase, List<Source> versions) {}

    /// Elements for each tensor, so that all take a few seconds.
    ///
    /// @param elements of all tensors of all models together
    static long most(long elements, int tensors) {
        return Math.clamp(elements / Math.max(1, tensors), LEAST, MOST);
    }

    /// Those that can be compared with so many elements in all: of very many tensors that differ in
    /// numbers only, such as experts of a layer, the first ones.
    static List<Versions> fewer(List<Versions> all, TensorPlaces places, long elements) {
        long each = all.stream().mapToLong(v -> v.versions().size()).max().orElse(1) * LEAST;
        long most = elements / each;
        if (all.size() <= most) {
            return all;
        }
        Map<Alike, List<Versions>> alike = new LinkedHashMap<>();
        for (Versions versions : all) {
            TensorPlaces.Spot spot = places.of(versions.tensor());
            Alike key =
                    new Alike(
                            spot.module(),
                            spot.layer(),
                            PartNames.form(spot.part()),
                            versions.models());
            alike.computeIfAbsent(key, _ -> new ArrayList<>()).add(versions);
        }
        long ofEach = Math.max(1, most / alike.size());
        return alike.values().stream().flatMap(v -> v.stream().limit(ofEach)).toList();
    }

    private record Alike(String module, OptionalInt layer, String form, List<String> models) {}

    /// The comparisons of all versions, one for each set of models that meet.
    List<ModelDifference> measure(List<Versions> all) {
        List<TensorTask> tasks = all.stream().map(VersionSample::reading).toList();
        // Only what is looked at is brought from the disk.
        List<Sums> sums =
                TaskReading.scattered(inputs, threads, progress, cancellation)
                        .each(
                                tasks,
                                (_, versions, chunks) ->
                                        TensorSums.ofSample(most).of(versions, chunks));
        Map<Group, List<TensorDifference>> groups = new LinkedHashMap<>();
        for (int i = 0; i < all.size(); i++) {
            Versions versions = all.get(i);
            groups.computeIfAbsent(
                            new Group(versions.models(), versions.hasBase()),
                            _ -> new ArrayList<>())
                    .add(difference(versions, sums.get(i)));
        }
        return groups.entrySet().stream()
                .map(e ->
                        new ModelDifference(
                                e.getKey().models(),
                                e.getKey().hasBase(),
                                e.getValue(),
                                List.of(),
                                List.of()))
                .toList();
    }

    private record Group(List<String> models, boolean hasBase) {}

    private static TensorTask reading(Versions versions) {
        TensorSpec spec =
                new TensorSpec(
                        versions.tensor(), DType.F32, versions.versions().getFirst().shape());
        return new TensorTask(
                spec,
                IntStream.range(0, versions.versions().size())
                        .mapToObj(i -> new TaskInput(i, versions.versions().get(i)))
                        .toList(),
                new Work.Copy());
    }

    private TensorDifference difference(Versions versions, Sums sums) {
        TensorPlaces.Spot spot = places.of(versions.tensor());
        List<Source> sources = versions.versions();
        return new TensorDifference(
                versions.tensor(),
                spot.module(),
                spot.layer(),
                PartNames.form(spot.part()),
                sources.stream().map(s -> s.dtype().toString()).toList(),
                sources.stream().map(s -> s.shape().dimensions()).toList(),
                sources.stream().map(_ -> false).toList(),
                sums,
                sources.stream().<Optional<Spectrum>>map(_ -> Optional.empty()).toList(),
                sources.stream().<Optional<TokenRows>>map(_ -> Optional.empty()).toList());
    }

    /// Versions of what a plan merges.
    static List<Versions> ofMerges(Plan plan) {
        return plan.tasks().stream()
                .flatMap(task -> MergeUnit.of(plan, task).stream())
                .map(u -> new Versions(u.tensor(), u.models(), u.hasBase(), u.versions()))
                .toList();
    }
}
