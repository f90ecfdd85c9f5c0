package jmergekit.publish;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import jmergekit.problem.Problems;
import jmergekit.shards.ShardLayout;

/// Where an output goes: a folder of this machine, or a store that gets it from one.
public interface Destination extends AutoCloseable {
    /// The folder that the output is made in.
    OutputPlace place();

    /// As the user wrote it.
    String name();

    /// Finds what would keep the output from getting there, besides what is wrong with the [#place].
    ///
    /// @param resume whether the run goes on from shards that are there
    default void check(boolean resume, Problems problems) {}

    /// The same for what only a plan tells.
    ///
    /// @param inputs files and folders that are read and must not be replaced
    /// @param bytes that this machine's disk must have room for
    default void check(List<Path> inputs, long bytes, Problems problems) {
        place().check(inputs, bytes, problems);
    }

    /// Bytes of disk that an output takes on this machine.
    ///
    /// @param layout of its shards
    /// @param bytes of all its tensors
    /// @param shards most of them that are written at once
    default long localBytes(ShardLayout layout, long bytes, int shards) {
        return bytes;
    }

    /// Begins to write. Finished shards that are there become the place's [PartialOutput] if the run goes
    /// on from them, and are removed otherwise.
    ///
    /// @throws jmergekit.problem.MergeException if they are those of another plan
    default void begin(RunRecord record, ShardLayout layout, boolean resume) {}

    /// The same for one of many processes that write there, which makes these shards: it goes on from
    /// what others have begun.
    ///
    /// @param shards by the names of their files
    default void join(RunRecord record, ShardLayout layout, Collection<String> shards) {}

    /// Takes over the finished shards of an output that is to be published: they become the place's
    /// [PartialOutput].
    ///
    /// @throws jmergekit.problem.MergeException if they are those of another plan
    default void collect(RunRecord record, ShardLayout layout) {}

    /// Whether a complete output is there that has a file of this content, and no run works on the next
    /// one. What is in large files is not looked at.
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

    /// What processes on other machines take for this output, in their [#join].
    default String elsewhere() {
        return place().target().toString();
    }

    /// Brings the rest of an output that was published in the [#place] to where it goes.
    ///
    /// @throws jmergekit.problem.MergeException if that fails; it is not complete then
    default void deliver() {}

    /// Stops what is on its way.
    @Override
    default void close() {}

    /// A folder of this machine.
    static Destination of(OutputPlace place, String name) {
        return new Folder(place, name);
    }

    /// A folder of this machine.
    record Folder(OutputPlace place, String name) implements Destination {}
}
