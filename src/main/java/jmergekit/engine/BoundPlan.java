package jmergekit.engine;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import jmergekit.plan.Plan;
import jmergekit.plan.PlannedFile;
import jmergekit.plan.Source;
import jmergekit.tile.TileOps;

/// A plan together with what is not part of it: where its folders lie, and how values are computed
/// that it still lacks.
public record BoundPlan(Plan plan, InputFolders inputs, Optional<Computation> computation) {
    public BoundPlan(Plan plan, InputFolders inputs) {
        this(plan, inputs, Optional.empty());
    }

    public BoundPlan with(Plan changed) {
        return new BoundPlan(changed, inputs, computation);
    }

    /// The files that tensors are read from.
    public Set<Path> weightFiles() {
        Set<Path> files = new TreeSet<>();
        plan.inputFiles().forEach(f -> files.add(inputs.path(f)));
        computation.stream()
                .flatMap(Computation::sources)
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

    /// The plan with the values that are computed now. Throws a
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
}
