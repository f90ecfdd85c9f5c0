package jmergekit.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import jmergekit.plan.Plan;
import jmergekit.plan.PlannedFile;
import jmergekit.plan.Source;
import jmergekit.publish.OutputFile;
import jmergekit.tile.TileOps;

/// A plan together with what is not part of it: the locations of its folders, and the computations
/// of values that it still lacks.
///
/// @param computation of values that the plan stores
/// @param tensors computation of tensors that go to a scratch file
public record BoundPlan(
        Plan plan,
        InputFolders inputs,
        Optional<Computation> computation,
        Optional<TensorComputation> tensors) {
    public BoundPlan(Plan plan, InputFolders inputs) {
        this(plan, inputs, Optional.empty(), Optional.empty());
    }

    public BoundPlan(Plan plan, InputFolders inputs, Optional<Computation> computation) {
        this(plan, inputs, computation, Optional.empty());
    }

    public BoundPlan(Plan plan, InputFolders inputs, TensorComputation tensors) {
        this(plan, inputs, Optional.empty(), Optional.of(tensors));
    }

    public BoundPlan with(Plan changed) {
        return new BoundPlan(changed, inputs, computation, tensors);
    }

    /// The files that tensors are read from.
    public Set<Path> weightFiles() {
        Set<Path> files = new TreeSet<>();
        plan.inputFiles().forEach(f -> files.add(inputs.path(f)));
        Stream.concat(
                        computation.stream().flatMap(Computation::sources),
                        tensors.stream().flatMap(TensorComputation::sources))
                .flatMap(Source::stored)
                .forEach(s -> files.add(inputs.path(s.file())));
        return files;
    }

    /// The files that are copied.
    public Set<Path> copiedFiles() {
        Set<Path> files = new TreeSet<>();
        for (PlannedFile file : plan.files()) {
            if (file instanceof PlannedFile.Copy copy) {
                files.add(inputs.path(copy));
            }
        }
        return files;
    }

    /// The planned file with the path it is copied from, if it is a copy.
    OutputFile outputFile(PlannedFile file) {
        return switch (file) {
            case PlannedFile.Text(String name, String text) -> new OutputFile.Text(name, text);
            case PlannedFile.Copy copy -> new OutputFile.Copy(copy.name(), inputs.path(copy));
        };
    }

    /// The plan with its missing values, which are computed now. Throws a
    /// [jmergekit.problem.MergeException] if a file cannot be read.
    public BoundPlan computed() {
        if (computation.isEmpty() || plan.missing().isEmpty()) {
            return this;
        }
        Computation compute = computation.get();
        try (InputTensors tensors = new InputTensors(inputs, TileOps.best())) {
            return with(
                    plan.withComputed(
                            new Unreadable(" while gates were computed", tensors, () -> {})
                                    .guard(compute::sources, () -> compute.values(tensors))));
        }
    }

    /// A plan whose tensors are all in files, and the outcome of the computation.
    public record Stored(BoundPlan plan, TensorComputation.Outcome outcome) {}

    /// Computes the tensors of [#tensors] into a file. Throws a [jmergekit.problem.MergeException]
    /// if a file cannot be read or the scratch file cannot be written.
    ///
    /// @param scratch the file, which must not exist
    /// @param threads the number of threads; the output does not depend on it
    public Stored stored(Path scratch, int threads, Progress progress) {
        TensorComputation compute = tensors.orElseThrow();
        InputFiles used = InputFiles.of(inputs.states(), weightFiles(), List.of());
        used.check();
        try (InputTensors opened = new InputTensors(inputs, TileOps.best());
                ScratchTensors store = ScratchTensors.create(scratch)) {
            TensorComputation.Outcome outcome =
                    new Unreadable(" while tensors were computed", opened, used::check)
                            .guard(
                                    compute::sources,
                                    () -> compute.compute(opened, store, threads, progress));
            used.check();
            Map<String, Path> folders = new TreeMap<>(inputs.folders());
            folders.put(InputFolders.SCRATCH, scratch.getParent());
            BoundPlan copying =
                    new BoundPlan(
                            plan.withStored(store.stored()).withCards(outcome.noted(plan.cards())),
                            new InputFolders(folders, inputs.states()));
            return new Stored(copying, outcome);
        }
    }
}
