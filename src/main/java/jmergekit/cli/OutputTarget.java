package jmergekit.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jmergekit.engine.BoundPlan;
import jmergekit.engine.FolderRun;
import jmergekit.plan.PlannedFile;
import jmergekit.publish.OutputPlace;
import jmergekit.publish.StageRecord;

/// The folder that the output of a command goes to, and what becomes of an earlier one there.
record OutputTarget(PlannedCommand command, RunOptions options, Console console) {
    OutputPlace place() {
        Path path = console.resolve(command.output());
        boolean replace = options.overwrite || isOfStage() && StageRecord.isIn(path);
        return OutputPlace.of(path, replace, options.merging.sync);
    }

    private boolean isOfStage() {
        return command.earlier() != PlannedCommand.Earlier.IN_THE_WAY;
    }

    /// Whether an earlier run left there what the plan would make, and it is to be taken.
    boolean holds(BoundPlan plan) {
        return command.earlier() == PlannedCommand.Earlier.REUSED
                && StageRecord.holds(place().target(), FolderRun.record(plan));
    }

    /// The plan with the record that tells later runs what the output was made of, if one is kept.
    BoundPlan recorded(BoundPlan plan) {
        if (!isOfStage()) {
            return plan;
        }
        List<PlannedFile.Text> cards = new ArrayList<>(plan.plan().cards());
        cards.add(new PlannedFile.Text(StageRecord.NAME, FolderRun.record(plan).text()));
        return plan.with(plan.plan().withCards(cards));
    }

    /// The title of the card, if there is to be one.
    Optional<String> card() {
        return Optional.of(console.resolve(command.output()).getFileName().toString())
                .filter(_ -> options.merging.writeModelCard);
    }
}
