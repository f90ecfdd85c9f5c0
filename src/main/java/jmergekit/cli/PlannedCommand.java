package jmergekit.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import jmergekit.engine.BoundPlan;
import jmergekit.output.PlannedOutput;
import jmergekit.planner.PlanOptions;
import jmergekit.problem.Problems;

/// What is particular to a command, or to a part of it, that makes one output.
interface PlannedCommand {
    /// The output folder, as it was typed.
    String output();

    /// The files that it reads besides models. The output may not take their place.
    List<Path> read();

    /// Plans, from headers alone. Throws a [jmergekit.problem.MergeException] with everything that is
    /// wrong with what was given and with its models.
    PlannedOutput plan(PlanOptions options, Problems problems);

    /// Hears that everything is in order, before anything is made.
    default void settled() {}

    /// Whether `--dry-run` prints the plan, and not something else that the command has printed.
    default boolean listsPlan() {
        return true;
    }

    /// Whether some of its inputs are only planned yet, and stand-ins lie in their place.
    default boolean isAheadOfInputs() {
        return false;
    }

    /// Who makes the shards, if not this process.
    default Optional<ShardMaker> elsewhere() {
        return Optional.empty();
    }

    /// What becomes of an output that an earlier run made.
    default Earlier earlier() {
        return Earlier.IN_THE_WAY;
    }

    /// Has shards made by other processes.
    interface ShardMaker {
        /// Leaves the finished shards beside the output, where a run that resumes finds them.
        void make(PreparedOutput output, BoundPlan plan);
    }

    /// What becomes of an output that an earlier run made.
    enum Earlier {
        /// It is replaced if the user says so.
        IN_THE_WAY,
        /// It is replaced if a run of this kind made it.
        REPLACED,
        /// It stays if it would be made of the same again, and is replaced otherwise.
        REUSED
    }
}
