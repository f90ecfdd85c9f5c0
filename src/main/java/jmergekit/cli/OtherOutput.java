package jmergekit.cli;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import jmergekit.engine.Review;
import jmergekit.publish.OutputFolder;

/// What a recipe makes instead of a model, planned.
interface OtherOutput {
    /// The files that tensors are read from.
    Collection<Path> inputFiles();

    /// The folders that are read.
    List<Path> inputs();

    /// Bytes of tensor data that will be written.
    long outputBytes();

    /// The plan for people.
    String text();

    /// What it is, in a few words.
    String made();

    /// @param card the title of the card, if there is to be one
    /// @param numbers looks at what was written
    void write(OutputFolder folder, int threads, Optional<String> card, Review numbers);
}
