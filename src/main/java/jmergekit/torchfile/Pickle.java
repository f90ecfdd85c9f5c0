package jmergekit.torchfile;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Collection;

/// The result of reading a pickle.
///
/// @param root the pickled object
/// @param storages the storages that it refers to
/// @param end the first byte after the pickle, from the start of the file
record Pickle(Pickled root, Collection<Storage> storages, long end) {
    /// Reads the pickle that begins at `begin` and ends before `end`; a pickle with foreign objects
    /// is refused.
    static Pickle read(Path file, FileChannel channel, long begin, long end) throws IOException {
        return read(file, channel, begin, end, ForeignObjects.REFUSED);
    }

    static Pickle read(Path file, FileChannel channel, long begin, long end, ForeignObjects foreign)
            throws IOException {
        FileInput input = new FileInput(file, "its pickle", channel, begin, end);
        Unpickler unpickler = new Unpickler(input, foreign);
        Pickled root = unpickler.read();
        return new Pickle(root, unpickler.storages(), input.position());
    }
}
