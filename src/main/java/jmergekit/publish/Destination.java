package jmergekit.publish;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import jmergekit.problem.Problems;
import jmergekit.shards.ShardLayout;

/// Where an output goes: a folder on this machine, or a store that receives it from such a folder.
public interface Destination extends AutoCloseable {
    /// The folder in which the output is made.
    OutputPlace place();

    /// As the user wrote it.
    String name();

    /// Finds what would stop the output from reaching its destination, apart from problems with the
    /// [#place].
    ///
    /// @param resume whether the run continues with existing shards
    default void check(boolean resume, Problems problems) {}

    /// The same checks for facts that only the plan has.
    ///
    /// @param inputs files and folders that the run reads and must not replace
    /// @param bytes that must be free on this machine's disk
    default void check(List<Path> inputs, long bytes, Problems problems) {
        place().check(inputs, bytes, problems);
    }

    /// Bytes of disk that an output needs on this machine.
    ///
    /// @param layout of its shards
    /// @param bytes of all its tensors
    /// @param shards the most that are written at once
    default long localBytes(ShardLayout layout, long bytes, int shards) {
        return bytes;
    }

    /// Starts writing. Existing finished shards become the place's [PartialOutput] if the run
    /// resumes from them, and are removed otherwise.
    ///
    /// @throws jmergekit.problem.MergeException if they belong to another plan
    default void begin(RunRecord record, ShardLayout layout, boolean resume) {}

    /// The same for one of many processes that write to this output. It makes the given shards, and
    /// continues with what the others have begun.
    ///
    /// @param shards by the names of their files
    default void join(RunRecord record, ShardLayout layout, Collection<String> shards) {}

    /// Takes over the finished shards of an output that is about to be published: they become the
    /// place's [PartialOutput].
    ///
    /// @throws jmergekit.problem.MergeException if they belong to another plan
    default void collect(RunRecord record, ShardLayout layout) {}

    /// Whether a complete output exists that has a file with this content, and no run is working on
    /// the next one. The content of large files is not compared.
    ///
    /// @param name of the file
    default boolean holds(String name, byte[] content) {
        return !place().partialOutput().exists()
                && Manifest.read(place().target())
                        .filter(m -> m.holds(name, content))
                        .filter(m -> m.differing(place().target()).isEmpty())
                        .isPresent();
    }

    /// Where finished shards are, for messages.
    default String shards() {
        return place().partialOutput().folder().toString();
    }

    /// The output as processes on other machines must name it for their [#join].
    default String elsewhere() {
        return place().target().toString();
    }

    /// Transfers the rest of an output that was published in the [#place] to its destination.
    ///
    /// @throws jmergekit.problem.MergeException if that fails; the output is then incomplete
    default void deliver() {}

    /// Cancels running transfers.
    @Override
    default void close() {}

    /// A folder on this machine.
    static Destination of(OutputPlace place, String name) {
        return new Folder(place, name);
    }

    /// A folder on this machine.
    record Folder(OutputPlace place, String name) implements Destination {}
}
