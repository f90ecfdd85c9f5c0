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

/// Compares versions of tensors on an even sample of their elements.
///
/// @param inputs the folders of the versions
/// @param most the maximum number of elements read per tensor
record VersionSample(
        TensorPlaces places,
        InputFolders inputs,
        int threads,
        long most,
        Progress progress,
        Cancellation cancellation) {
    /// The minimum number of elements per tensor for a meaningful sample.
    private static final long LEAST = 4096;

    private static final long MOST = 1 << 18;

    /// Versions of a tensor.
    ///
    /// @param tensor the name of the tensor
    /// @param models the models with the versions
    /// @param hasBase whether the first is the base
    /// @param versions all with the same shape
    record Versions(String tensor, List<String> models, boolean hasBase, List<Source> versions) {}

    /// The number of elements per tensor, chosen so that all tensors take a few seconds.
    ///
    /// @param elements the total over all tensors of all models
    static long most(long elements, int tensors) {
        return Math.clamp(elements / Math.max(1, tensors), LEAST, MOST);
    }

    /// The versions to compare within a total number of elements: if very many tensors have names
    /// that differ only in numbers, such as experts of a layer, only the first ones.
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

    /// The comparisons of all versions, one for each set of models merged with each other.
    List<ModelDifference> measure(List<Versions> all) {
        List<TensorTask> tasks = all.stream().map(VersionSample::reading).toList();
        // Only sampled elements are read from disk.
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

    /// The versions of all tensors that a plan merges.
    static List<Versions> ofMerges(Plan plan) {
        return plan.tasks().stream()
                .flatMap(task -> MergeUnit.of(plan, task).stream())
                .map(u -> new Versions(u.tensor(), u.models(), u.hasBase(), u.versions()))
                .toList();
    }
}
