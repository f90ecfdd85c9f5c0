package jmergekit.remote;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.s3.ObjectPath;
import jmergekit.s3.ObjectStore;
import jmergekit.safetensors.SafetensorsHeader;
import jmergekit.threads.TransferPool;
import jmergekit.weights.FileState;
import jmergekit.weights.FolderState;
import jmergekit.weights.RemoteFile;
import jmergekit.weights.WeightFolder;
import jmergekit.weights.WeightFormat;
import jmergekit.weights.WeightHeader;

/// A model in a store, as a folder of the run's cache: its small files are fetched, and its weights
/// are sparse files whose bytes are fetched on demand. Weight files whose format lists the tensors
/// only at the end are fetched as a whole when their headers are needed.
final class StoredModel implements WeightFolder {
    /// Enough for most headers, so that one request is sufficient.
    private static final long FIRST_BYTES = 128 << 10;

    private final RemoteObject.Session session;
    private final ObjectPath model;
    private final boolean wholeWeights;
    private final Path folder;
    private final Map<String, ObjectStore.Found> found = new TreeMap<>();
    private final Map<String, RemoteObject> remote = new HashMap<>();
    private final Set<String> whole = new HashSet<>();
    private final Map<String, WeightHeader> headers = new ConcurrentHashMap<>();
    private final Map<String, MergeException> failures = new ConcurrentHashMap<>();
    private FolderState state = FolderState.UNKNOWN;

    /// @param folder the folder for its files
    /// @param found its objects, with names that stay in a folder
    /// @param wholeWeights whether whole weight files may be fetched for their headers
    StoredModel(
            RemoteObject.Session session,
            ObjectPath model,
            Path folder,
            List<ObjectStore.Found> found,
            boolean wholeWeights) {
        this.session = session;
        this.model = model;
        this.folder = folder;
        this.wholeWeights = wholeWeights;
        found.forEach(f -> this.found.put(f.name(), f));
    }

    /// Fetches the small files and creates the sparse ones.
    void fill() {
        List<TransferPool.Transfer> transfers = new ArrayList<>();
        for (ObjectStore.Found small : SmallFiles.of(model, List.copyOf(found.values()))) {
            whole.add(small.name());
            transfers.add(session.transfers().start(true, () -> fetch(small)));
        }
        transfers.forEach(TransferPool.Transfer::await);
        Map<Path, FileState> states = new HashMap<>();
        Map<Path, RemoteFile> remotes = new HashMap<>();
        for (ObjectStore.Found each : found.values()) {
            Path file = file(each);
            if (hasHeaderInFront(each.name()) && !whole.contains(each.name())) {
                makeHoles(each);
                RemoteObject object = object(each);
                remote.put(each.name(), object);
                remotes.put(file, object);
            }
            if (file.getParent().equals(folder) && Files.exists(file)) {
                states.put(file, FileState.of(file));
            }
        }
        state = new FolderState(states, remotes);
    }

    private Path file(ObjectStore.Found each) {
        return folder.resolve(each.name());
    }

    private RemoteObject object(ObjectStore.Found each) {
        return new RemoteObject(session, model.child(each.name()), each);
    }

    // A PyTorch file may list its tensors behind their data.
    private static boolean hasHeaderInFront(String name) {
        return name.toLowerCase(Locale.ROOT).endsWith(SafetensorsHeader.FORMAT.suffix());
    }

    private void makeHoles(ObjectStore.Found each) {
        Path file = file(each);
        // The model may have been opened in another way.
        if (!Files.exists(file)) {
            RunCache.makeHoles(file, each.size());
            setTime(each);
        }
    }

    /// A later run compares size and time to see whether its inputs are the same.
    private void setTime(ObjectStore.Found each) {
        try {
            Files.setLastModifiedTime(file(each), FileTime.from(each.modified()));
        } catch (IOException e) {
            throw RunCache.unwritable(file(each), e);
        }
    }

    /// Fetches a whole object.
    private void fetch(ObjectStore.Found each) {
        Path file = file(each);
        Path partial = file.resolveSibling("." + file.getFileName() + ".incomplete");
        if (Files.exists(file)) {
            return;
        }
        try {
            Files.createDirectories(file.getParent());
            try (FileChannel channel =
                    FileChannel.open(
                            partial,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE)) {
                object(each)
                        .read(0, each.size(), (bytes, at) -> write(channel, partial, bytes, at));
            }
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw RunCache.unwritable(file, e);
        }
        setTime(each);
    }

    private static void write(FileChannel channel, Path file, ByteBuffer bytes, long position) {
        try {
            long at = position;
            while (bytes.hasRemaining()) {
                at += channel.write(bytes, at);
            }
        } catch (IOException e) {
            throw RunCache.unwritable(file, e);
        }
    }

    @Override
    public Path path() {
        return folder;
    }

    @Override
    public FolderState state() {
        return state;
    }

    @Override
    public List<String> names() {
        return found.keySet().stream().filter(n -> n.indexOf('/') < 0).toList();
    }

    @Override
    public boolean holds(String name) {
        return found.containsKey(name);
    }

    @Override
    public void prepare(WeightFormat format, List<String> names) {
        List<ObjectStore.Found> known =
                names.stream().filter(found::containsKey).map(found::get).toList();
        if (format.suffix().equals(SafetensorsHeader.FORMAT.suffix())) {
            List<TransferPool.Transfer> transfers = new ArrayList<>();
            for (ObjectStore.Found each : known) {
                if (!headers.containsKey(each.name())) {
                    transfers.add(session.transfers().start(true, () -> readHeader(each)));
                }
            }
            transfers.forEach(TransferPool.Transfer::await);
        } else if (wholeWeights) {
            fetchWhole(known);
        }
    }

    private void readHeader(ObjectStore.Found each) {
        try {
            headers.put(each.name(), header(each));
            failures.remove(each.name());
        } catch (MergeException e) {
            failures.put(each.name(), e);
        }
    }

    // Errors use the name that the user knows.
    private WeightHeader header(ObjectStore.Found each) {
        try {
            return parsedHeader(each);
        } catch (MergeException e) {
            String file = file(each).toString();
            String object = model.child(each.name()).toString();
            throw new MergeException(
                    e.problems().stream()
                            .map(p -> p.where().equals(file) ? p.of(object) : p)
                            .toList());
        }
    }

    private WeightHeader parsedHeader(ObjectStore.Found each) {
        RemoteObject object = remote.get(each.name());
        if (object == null) {
            return SafetensorsHeader.read(file(each));
        }
        byte[] start = bytes(object, Math.min(FIRST_BYTES, each.size()));
        long end = headerEnd(start, each.size());
        byte[] all = end > start.length ? bytes(object, end) : start;
        SafetensorsHeader header =
                SafetensorsHeader.read(file(each), each.size(), new ByteArrayInputStream(all));
        object.setDataStart(end);
        return header;
    }

    // If the length is invalid, the header's reader explains why, and needs only the first bytes.
    private static long headerEnd(byte[] start, long size) {
        if (start.length < SafetensorsHeader.PREFIX_BYTES) {
            return start.length;
        }
        long length = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
        long most =
                Math.min(SafetensorsHeader.MAX_HEADER_BYTES, size - SafetensorsHeader.PREFIX_BYTES);
        return length > 0 && length <= most
                ? SafetensorsHeader.PREFIX_BYTES + length
                : start.length;
    }

    private static byte[] bytes(RemoteObject object, long count) {
        byte[] bytes = new byte[Math.toIntExact(count)];
        object.read(0, count, (some, at) -> some.get(bytes, (int) at, some.remaining()));
        return bytes;
    }

    // One at a time: two plans may need the same file.
    private synchronized void fetchWhole(List<ObjectStore.Found> files) {
        List<ObjectStore.Found> missing =
                files.stream().filter(f -> !Files.exists(file(f))).toList();
        session.cache().needRoom(missing.stream().mapToLong(ObjectStore.Found::size).sum());
        List<TransferPool.Transfer> transfers = new ArrayList<>();
        missing.forEach(f -> transfers.add(session.transfers().start(true, () -> fetch(f))));
        transfers.forEach(TransferPool.Transfer::await);
    }

    @Override
    public WeightHeader header(WeightFormat format, String name) {
        ObjectStore.Found each = found.get(name);
        if (each == null) {
            throw new IllegalArgumentException(name);
        }
        if (!format.suffix().equals(SafetensorsHeader.FORMAT.suffix())) {
            if (!Files.exists(file(each))) {
                prepare(format, List.of(name));
            }
            if (!Files.exists(file(each))) {
                throw new MergeException(
                        Problem.input(
                                        model.child(name).toString(),
                                        "a PyTorch file's tensors are known only after a full"
                                                + " fetch")
                                .hint(
                                        "it is fetched if the recipe has no errors and this is not"
                                                + " a dry run"));
            }
            return format.reader().apply(file(each));
        }
        MergeException failure = failures.get(name);
        if (failure != null) {
            throw failure;
        }
        return headers.computeIfAbsent(name, _ -> header(each));
    }
}
