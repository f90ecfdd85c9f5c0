package jmergekit.torchfile;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.ShortList;

/// The layout that `torch.save` uses since version 1.6: a zip archive with a pickle `data.pkl` and
/// each storage as a member `data/KEY`, all in one folder with any name.
final class ZipCheckpoint {
    private static final String PICKLE = "/data.pkl";
    private static final int SHOWN = 3;

    private final Path file;
    private final FileChannel channel;
    private final ZipDirectory directory;

    private ZipCheckpoint(Path file, FileChannel channel, ZipDirectory directory) {
        this.file = file;
        this.channel = channel;
        this.directory = directory;
    }

    static SavedObject read(Path file, FileChannel channel, ForeignObjects foreign)
            throws IOException {
        return new ZipCheckpoint(file, channel, ZipDirectory.read(file, channel)).read(foreign);
    }

    private SavedObject read(ForeignObjects foreign) throws IOException {
        String folder = folder();
        checkByteOrder(folder);
        ZipMember member = directory.find(folder + PICKLE).orElseThrow();
        long begin = directory.dataBegin(member);
        Pickle pickle = Pickle.read(file, channel, begin, begin + member.bytes(), foreign);
        Map<String, Long> begins = new HashMap<>();
        for (Storage storage : pickle.storages()) {
            begins.put(storage.key(), begin(storage, folder));
        }
        return new SavedObject(file, pickle.root(), begins);
    }

    private String folder() {
        List<String> pickles =
                directory.names().stream()
                        .filter(n -> n.endsWith(PICKLE) && n.indexOf('/') == n.lastIndexOf('/'))
                        .toList();
        if (pickles.isEmpty()) {
            throw refused(
                    "is a zip archive, but not a PyTorch checkpoint: it has no '*%s'", PICKLE);
        }
        if (pickles.size() > 1) {
            throw new MergeException(
                    Problem.input(file.toString(), "is a zip archive of several checkpoints")
                            .expected("one '*%s'".formatted(PICKLE))
                            .found(ShortList.quoted(pickles, SHOWN)));
        }
        String name = pickles.getFirst();
        String folder = name.substring(0, name.length() - PICKLE.length());
        if (directory.find(folder + "/constants.pkl").isPresent()) {
            throw refused(
                    "is a TorchScript program, not a checkpoint: it has '%s'", "constants.pkl");
        }
        return folder;
    }

    private void checkByteOrder(String folder) throws IOException {
        String name = folder + "/byteorder";
        if (directory.find(name).isEmpty()) {
            return;
        }
        ZipMember member = directory.find(name).get();
        long begin = directory.dataBegin(member);
        int length = (int) Math.min(member.bytes(), 16);
        FileInput input =
                FileInput.ofHeader(file, "its byte order", channel, begin, begin + member.bytes());
        String order = new String(input.bytes(length), StandardCharsets.ISO_8859_1);
        if (!order.equals("little")) {
            throw new MergeException(
                    Problem.input(file.toString(), "its byte order is not supported")
                            .expected("'little'")
                            .found("'" + order + "'"));
        }
    }

    private long begin(Storage storage, String folder) throws IOException {
        String name = folder + "/data/" + storage.key();
        ZipMember member =
                directory
                        .find(name)
                        .orElseThrow(() -> refused("has no member '%s' for a storage", name));
        long begin = directory.dataBegin(member);
        if (storage.bytes() != member.bytes()) {
            throw new MergeException(
                    Problem.input(
                                    file.toString(),
                                    "storage '%s' has the wrong size".formatted(name))
                            .expected(storage.bytes() + " bytes")
                            .found(String.valueOf(member.bytes())));
        }
        return begin;
    }

    private MergeException refused(String what, String name) {
        return new MergeException(Problem.input(file.toString(), what.formatted(name)));
    }
}
