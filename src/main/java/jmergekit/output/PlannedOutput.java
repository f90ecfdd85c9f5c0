package jmergekit.output;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import jmergekit.engine.BoundPlan;

/// The planned output of a recipe: a model, with or without layers, a mixture or an adapter.
public interface PlannedOutput {
    /// Which files are copied from which folders, by their path there, for folders that are not
    /// completely downloaded yet.
    Map<Path, Predicate<String>> copied();

    /// The folders that are read.
    List<Path> inputs();

    /// The type of the output, in a few words.
    String made();

    /// A message before the run, if its first step takes a while.
    default Optional<String> announcement() {
        return Optional.empty();
    }

    /// The plan.
    ///
    /// @param pending files that are still to be downloaded
    /// @param card the title of the card, if there is one
    BoundPlan plan(PendingFiles pending, Optional<String> card);
}
