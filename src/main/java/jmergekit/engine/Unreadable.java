package jmergekit.engine;

import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jmergekit.plan.Source;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;

/// Reports why an input could not be read. A mapped file throws an [InternalError] if it is
/// truncated while it is read, or if its disk fails.
///
/// @param what was not read, or what was being done, as in ` of tensor 'x'`
/// @param check throws if a file changed
public record Unreadable(String what, InputTensors inputs, Runnable check) {
    /// Runs the work. If something cannot be read, throws a [MergeException] that names the file.
    ///
    /// @param sources what the work reads
    public <T> T guard(Supplier<Stream<Source>> sources, Supplier<T> work) {
        try {
            return work.get();
        } catch (InternalError e) {
            check.run();
            sources.get().forEach(inputs::probe);
            String folders =
                    sources.get()
                            .flatMap(Source::stored)
                            .map(s -> "'" + s.file().folder() + "'")
                            .distinct()
                            .collect(Collectors.joining(" or "));
            throw new MergeException(
                    Problem.input(folders, "a file could not be read" + what)
                            .hint(
                                    "check the disk, do not change the models during a run, and start"
                                            + " again"),
                    e);
        }
    }
}
