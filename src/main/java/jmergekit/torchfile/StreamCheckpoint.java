package jmergekit.torchfile;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.torchfile.Pickled.Flag;
import jmergekit.torchfile.Pickled.Items;
import jmergekit.torchfile.Pickled.Mapping;
import jmergekit.torchfile.Pickled.Text;
import jmergekit.torchfile.Pickled.Whole;

/// The layout that `torch.save` wrote before version 1.6: a stream of pickles (a fixed number, the
/// protocol's version, the writing machine, the object, the keys of its storages), then each
/// storage: its number of elements, then the elements.
final class StreamCheckpoint {
    private static final long VERSION = 1001;

    private final Path file;
    private final FileChannel channel;
    private final ForeignObjects foreign;
    private long next;

    private StreamCheckpoint(Path file, FileChannel channel, ForeignObjects foreign) {
        this.file = file;
        this.channel = channel;
        this.foreign = foreign;
    }

    static SavedObject read(Path file, FileChannel channel, ForeignObjects foreign)
            throws IOException {
        return new StreamCheckpoint(file, channel, foreign).read();
    }

    private SavedObject read() throws IOException {
        if (nextPickle().root() != Literals.STREAM_MAGIC) {
            throw refused("is a pickle, but not a PyTorch checkpoint");
        }
        if (!(nextPickle().root() instanceof Whole(long version) && version == VERSION)) {
            throw refused("is a PyTorch checkpoint of an unknown version");
        }
        checkByteOrder(nextPickle().root());
        Pickle object = nextPickle();
        return new SavedObject(file, object.root(), begins(object.storages(), nextPickle().root()));
    }

    private Pickle nextPickle() throws IOException {
        Pickle pickle = Pickle.read(file, channel, next, channel.size(), foreign);
        next = pickle.end();
        return pickle;
    }

    private void checkByteOrder(Pickled machine) {
        if (machine instanceof Mapping facts
                && facts.find("little_endian").orElse(Flag.TRUE) instanceof Flag(boolean little)
                && little) {
            return;
        }
        throw refused("its byte order is not supported: it is not little-endian");
    }

    private Map<String, Long> begins(Collection<Storage> storages, Pickled keys)
            throws IOException {
        Map<String, Storage> left = new HashMap<>();
        storages.forEach(s -> left.put(s.key(), s));
        if (!(keys instanceof Items items && items.size() == left.size())) {
            throw refused(
                    "its list of storages does not match the %d in use".formatted(left.size()));
        }
        Map<String, Long> begins = new HashMap<>();
        for (int i = 0; i < items.size(); i++) {
            Storage storage = items.get(i) instanceof Text(String key) ? left.remove(key) : null;
            if (storage == null) {
                throw refused("its list of storages has an unused or duplicate entry");
            }
            begins.put(storage.key(), pass(storage));
        }
        return begins;
    }

    /// The offset of the next storage's elements.
    private long pass(Storage storage) throws IOException {
        String part = "storage '%s'".formatted(storage.key());
        FileInput input = FileInput.ofHeader(file, part, channel, next, channel.size());
        long elements = input.i64();
        if (elements != storage.elements()) {
            throw input.damaged(
                    next,
                    "it has %d elements, its tensors expect %d"
                            .formatted(elements, storage.elements()));
        }
        long begin = input.position();
        input.skip(storage.bytes());
        next = input.position();
        return begin;
    }

    private MergeException refused(String what) {
        return new MergeException(Problem.input(file.toString(), what));
    }
}
