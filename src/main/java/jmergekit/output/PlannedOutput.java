package jmergekit.output;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import jmergekit.engine.BoundPlan;

/// What a recipe comes to: a model, with or without layers, a mixture or an adapter.
public interface PlannedOutput {
    /// Which files of which folders are copied, by their path there, for folders whose files are not
    /// all there yet.
    Map<Path, Predicate<String>> copied();

    /// The folders that are read.
    List<Path> inputs();

    /// What is made, in a few words.
    String made();

    /// What to say before the run, if it begins with something that takes a while.
    default Optional<String> announcement() {
        return Optional.empty();
    }

    /// The plan.
    ///
    /// @param pending files that are still to be downloaded
    /// @param card the title of the card, if there is to be one
    BoundPlan plan(PendingFiles pending, Optional<String> card);
}
