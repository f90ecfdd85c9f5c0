package jmergekit.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import jmergekit.engine.BoundPlan;
import jmergekit.output.PlannedOutput;
import jmergekit.planner.PlanOptions;
import jmergekit.problem.Problems;

/// The part of a command, or of one stage of it, that is specific to the output it makes.
interface PlannedCommand {
    /// The output folder, as the user typed it.
    String output();

    /// The files it reads besides models. The output must not overwrite them.
    List<Path> read();

    /// Plans from headers alone. Throws a [jmergekit.problem.MergeException] with all problems of
    /// the arguments and the models.
    PlannedOutput plan(PlanOptions options, Problems problems);

    /// Called once all checks have passed, before anything is made.
    default void settled() {}

    /// Whether `--dry-run` prints the plan. Otherwise the command has already printed something
    /// else.
    default boolean listsPlan() {
        return true;
    }

    /// Whether some of its inputs are only planned so far and replaced by placeholders.
    default boolean isAheadOfInputs() {
        return false;
    }

    /// The maker of the shards, if not this process.
    default Optional<ShardMaker> elsewhere() {
        return Optional.empty();
    }

    /// What happens to the output of an earlier run.
    default Earlier earlier() {
        return Earlier.IN_THE_WAY;
    }

    /// Makes shards in other processes.
    interface ShardMaker {
        /// Leaves the finished shards next to the output, where a resumed run finds them.
        void make(PreparedOutput output, BoundPlan plan);
    }

    /// What happens to the output of an earlier run.
    enum Earlier {
        /// It is replaced if the user allows it.
        IN_THE_WAY,
        /// It is replaced if a run of this kind made it.
        REPLACED,
        /// It is kept if recipe, options and inputs are unchanged, and replaced otherwise.
        REUSED
    }
}
