package jmergekit.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jmergekit.compare.ModelDifference;
import jmergekit.engine.BoundPlan;
import jmergekit.engine.RunThreads;
import jmergekit.page.Numbers;
import jmergekit.plan.Source;
import jmergekit.plan.TensorTask;
import jmergekit.threads.Cancellation;

/// Compares an output with its parents, on a sample of the elements.
///
/// @param bound the plan whose output is in the folder
/// @param folder the folder with the finished shards
record ReportMeasures(BoundPlan bound, Path folder, RunThreads threads, Cancellation cancellation) {
    /// The number of elements read, over all versions.
    private static final long ELEMENTS = 1L << 27;

    /// A comparison for each set of models merged with each other; the result is the last model of
    /// each.
    ///
    /// @param notes receives a sentence for each group of tensors that is not compared
    List<ModelDifference> parents(List<String> notes) {
        if (bound.inputs().states().stream().anyMatch(s -> !s.remote().isEmpty())) {
            notes.add("The result is not compared with its parents, since they are in a store.");
            return List.of();
        }
        WrittenTensors written = new WrittenTensors(bound.plan(), folder);
        List<VersionSample.Versions> versions = new ArrayList<>();
        int quantised = 0;
        int other = 0;
        for (TensorTask task : bound.plan().tasks()) {
            List<MergeUnit> units = MergeUnit.of(bound.plan(), task);
            for (MergeUnit unit : units) {
                if (unit.place().isPlain()) {
                    versions.add(versions(unit, written.of(unit.tensor())));
                } else {
                    quantised++;
                }
            }
            boolean merged = !TaskKind.how(task).equals(TaskKind.COPIED);
            other += merged && units.isEmpty() ? 1 : 0;
        }
        if (quantised > 0) {
            notes.add(
                    "%d quantised tensors are not compared with their parents; quantisation_errors.json reports their errors."
                            .formatted(quantised));
        }
        if (other > 0) {
            notes.add(
                    "%d tensors are not compared: they come from a single tensor or another recipe, or are computed."
                            .formatted(other));
        }
        TensorPlaces places = TensorPlaces.of(bound.plan());
        List<VersionSample.Versions> compared = VersionSample.fewer(versions, places, ELEMENTS);
        if (compared.size() < versions.size()) {
            notes.add(
                    "Of %s merged tensors, %s are compared: where names in a layer differ only in numbers, the first ones."
                            .formatted(
                                    Numbers.text(versions.size()), Numbers.text(compared.size())));
        }
        return new VersionSample(
                        places,
                        written.beside(bound.inputs()),
                        threads.workers(),
                        VersionSample.most(
                                ELEMENTS,
                                compared.stream().mapToInt(v -> v.versions().size()).sum()),
                        (_, _) -> {},
                        cancellation)
                .measure(compared);
    }

    private static VersionSample.Versions versions(MergeUnit unit, Source.Stored stored) {
        List<String> models = new ArrayList<>(unit.models());
        models.add(MergeReport.RESULT);
        List<Source> sources = new ArrayList<>(unit.versions());
        sources.add(unit.place().in(stored, sources.getFirst().shape()));
        return new VersionSample.Versions(unit.tensor(), models, unit.hasBase(), sources);
    }
}
