package jmergekit.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jmergekit.engine.BoundPlan;
import jmergekit.engine.FolderRun;
import jmergekit.plan.PlannedFile;
import jmergekit.publish.Destination;
import jmergekit.publish.Destinations;
import jmergekit.publish.OutputPlace;
import jmergekit.publish.StageRecord;
import org.jspecify.annotations.Nullable;

/// Where the output of a command goes, and what happens to an earlier output there.
final class OutputTarget implements AutoCloseable {
    private final PlannedCommand command;
    private final RunOptions options;
    private final Console console;
    private final Destinations destinations;
    private @Nullable Destination destination;

    OutputTarget(
            PlannedCommand command,
            RunOptions options,
            Destinations destinations,
            Console console) {
        this.destinations = destinations;
        this.command = command;
        this.options = options;
        this.console = console;
    }

    PlannedCommand command() {
        return command;
    }

    private Path path() {
        return console.resolve(command.output());
    }

    Destination destination() {
        Destination known = destination;
        if (known == null) {
            known =
                    destinations.of(
                            command.output(),
                            this::path,
                            options.overwrite || isOfStage() && StageRecord.isIn(path()),
                            options.merging.sync);
            destination = known;
        }
        return known;
    }

    OutputPlace place() {
        return destination().place();
    }

    private boolean isOfStage() {
        return command.earlier() != PlannedCommand.Earlier.IN_THE_WAY;
    }

    /// Whether an earlier run left the output of this plan there and it may be reused.
    boolean holds(BoundPlan plan) {
        return command.earlier() == PlannedCommand.Earlier.REUSED
                && StageRecord.holds(place().target(), FolderRun.record(plan));
    }

    /// The plan with a record of the output's inputs for later runs, if one is kept.
    BoundPlan recorded(BoundPlan plan) {
        if (!isOfStage()) {
            return plan;
        }
        List<PlannedFile.Text> cards = new ArrayList<>(plan.plan().cards());
        cards.add(new PlannedFile.Text(StageRecord.NAME, FolderRun.record(plan).text()));
        return plan.with(plan.plan().withCards(cards));
    }

    /// The model's title: the last part of its path.
    String title() {
        return Destinations.title(command.output(), this::path);
    }

    /// The title of the card, if one is written.
    Optional<String> card() {
        return Optional.of(title()).filter(_ -> options.merging.writeModelCard);
    }

    @Override
    public void close() {
        if (destination != null) {
            destination.close();
        }
    }
}
