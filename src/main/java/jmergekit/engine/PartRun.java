package jmergekit.engine;

import java.util.List;
import java.util.Optional;
import jmergekit.publish.OutputPlace;
import jmergekit.publish.PartOutput;
import jmergekit.publish.RunRecord;
import jmergekit.safetensors.ShardWriter;

/// Makes one shard of a plan in a process of its own. Any number of such processes may work for one
/// output at once; a run that resumes from their shards publishes it.
public final class PartRun {
    private static final String SCRATCH = ".inner-merges";
    private final BoundPlan bound;
    private final PlanRun run;

    public PartRun(BoundPlan bound, PlanRun run) {
        this.bound = bound;
        this.run = run;
    }

    /// Makes a shard, unless it is there already.
    ///
    /// @param shard its file name
    /// @return whether it was made now
    public boolean make(OutputPlace place, String shard) {
        InputFiles used = InputFiles.of(bound.inputs().states(), bound.weightFiles(), List.of());
        used.check();
        // On another machine the inputs are copies, with times of their own.
        RunRecord record = new RunRecord(RunIdentity.of(bound.plan()), List.of());
        try (PartOutput part = PartOutput.open(place, record)) {
            Optional<ShardWriter> writer = part.shard(bound.plan().shards(), shard);
            if (writer.isEmpty()) {
                return false;
            }
            try (ShardWriter open = writer.get()) {
                run.make(
                        List.of(shard),
                        new FolderRun.WriterSink(open),
                        () -> part.scratch(SCRATCH),
                        used::check);
            }
            return true;
        }
    }
}
