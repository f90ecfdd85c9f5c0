package jmergekit.publish;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jmergekit.problem.ByteSize;
import jmergekit.shards.ShardFormat;
import jmergekit.shards.ShardLayout;

/// The records of the shards that a run has finished, in a hidden folder next to the shards:
///
/// ```
/// .jmergekit-run/run.json      the run's record
/// .jmergekit-run/SHARD.json    a shard, once all of it is written
/// .jmergekit-run/RUN.lock      the lock of a process that makes one shard
/// ```
///
/// A shard is finished if it has its final name and a record. A published model has no such folder.
///
/// @param folder the folder of the shards
record ShardRecords(Path folder) {
    static final String NAME = ".jmergekit-run";

    private static final String RECORD = "run.json";
    private static final String SHARD = ".json";
    private static final String LOCK = ".lock";

    /// Files other than finished shards: unfinished shards, scratch files, locks and records.
    private static final Pattern OWN =
            Pattern.compile(
                    ".+\\.writing(-r[0-9a-f]+)?|\\.inner-merges.*|"
                            + Pattern.quote(NAME)
                            + "|"
                            + Pattern.quote(RunLock.NAME));

    private Path path(String name) {
        return folder.resolve(NAME).resolve(name);
    }

    /// Starts without shards.
    void begin(RunRecord record, boolean sync) throws IOException {
        Files.createDirectory(folder.resolve(NAME));
        write(RECORD, record.bytes(), sync);
    }

    /// The run's record; empty if the folder does not belong to a run, or is a link.
    Optional<RunRecord> record() {
        return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                        && Files.isDirectory(folder.resolve(NAME), LinkOption.NOFOLLOW_LINKS)
                ? RunRecord.read(path(RECORD))
                : Optional.empty();
    }

    /// Records a shard that is complete but does not have its final name yet.
    void add(ShardLayout.Shard shard, String note, boolean sync) throws IOException {
        write(shard.fileName() + SHARD, FinishedShard.of(shard, note).text(), sync);
    }

    // Two processes may make the same shard.
    private void write(String name, byte[] text, boolean sync) throws IOException {
        Path file = path(name + "-" + FolderNames.newRun());
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            if (sync) {
                channel.force(true);
            }
        }
        Files.move(file, path(name), StandardCopyOption.ATOMIC_MOVE);
    }

    /// The finished shards, by file name.
    SortedMap<String, FinishedShard> finished() throws IOException {
        SortedMap<String, FinishedShard> finished = noted();
        finished.entrySet().removeIf(e -> !e.getValue().is(folder.resolve(e.getKey())));
        return finished;
    }

    /// The finished shards of a layout, with their notes.
    SortedMap<String, String> finished(ShardLayout layout) throws IOException {
        SortedMap<String, FinishedShard> all = finished();
        SortedMap<String, String> notes = new TreeMap<>();
        for (ShardLayout.Shard shard : layout.shards()) {
            FinishedShard found = all.get(shard.fileName());
            if (found != null && found.is(shard)) {
                notes.put(shard.fileName(), found.note());
            }
        }
        return notes;
    }

    /// The note of one shard of a layout, if it is finished.
    Optional<String> note(ShardLayout.Shard shard) {
        return record().flatMap(_ -> FinishedShard.read(path(shard.fileName() + SHARD)))
                .filter(found -> found.is(shard) && found.is(folder.resolve(shard.fileName())))
                .map(FinishedShard::note);
    }

    /// The bytes of finished shards.
    long bytes() {
        try {
            return finished().values().stream().mapToLong(FinishedShard::bytes).sum();
        } catch (IOException e) {
            return 0;
        }
    }

    /// The number of finished shards, in words.
    String text() {
        try {
            return "%d finished shard(s) (%s)".formatted(finished().size(), ByteSize.text(bytes()));
        } catch (IOException e) {
            return "finished shards";
        }
    }

    private SortedMap<String, FinishedShard> noted() throws IOException {
        SortedMap<String, FinishedShard> noted = new TreeMap<>();
        if (record().isEmpty()) {
            return noted;
        }
        for (Path file : list(folder.resolve(NAME))) {
            String name = file.getFileName().toString();
            if (name.endsWith(SHARD) && !name.equals(RECORD)) {
                FinishedShard.read(file)
                        .ifPresent(shard ->
                                noted.put(
                                        name.substring(0, name.length() - SHARD.length()), shard));
            }
        }
        return noted;
    }

    /// The files that no run has made, by name.
    List<String> foreign() throws IOException {
        List<String> others =
                list(folder).stream()
                        .map(f -> f.getFileName().toString())
                        .filter(name -> !isOwn(name))
                        .toList();
        if (others.isEmpty()) {
            return others;
        }
        Set<String> noted = noted().keySet();
        return others.stream().filter(name -> !noted.contains(name)).toList();
    }

    // Recorded or not.
    private static boolean isOwn(String name) {
        return ShardFormat.isShardOfAny(name) || OWN.matcher(name).matches();
    }

    /// Removes everything except finished shards.
    ///
    /// @return the names of shards that had been finished but have changed since
    List<String> prune() throws IOException {
        SortedMap<String, FinishedShard> noted = noted();
        Set<String> finished = finished().keySet();
        List<String> wrong = new ArrayList<>();
        for (Path file : list(folder)) {
            String name = file.getFileName().toString();
            if (finished.contains(name) || name.equals(RunLock.NAME) || name.equals(NAME)) {
                continue;
            }
            if (noted.containsKey(name)) {
                wrong.add(name);
            }
            Removal.ofAny(file);
        }
        for (Path file : list(folder.resolve(NAME))) {
            String name = file.getFileName().toString();
            if (!name.equals(RECORD) && finished.stream().noneMatch(f -> name.equals(f + SHARD))) {
                Removal.ofAny(file);
            }
        }
        return wrong;
    }

    /// Removes the records of some shards, so that [#prune] removes the shards.
    void drop(Collection<String> shards) throws IOException {
        for (String shard : shards) {
            Files.deleteIfExists(path(shard + SHARD));
        }
    }

    /// Removes the records, so that only the model is left.
    void forget() throws IOException {
        Removal.ofAll(folder.resolve(NAME));
    }

    /// The lock of a process that makes one shard.
    Path partLock(String run) {
        return path(run + LOCK);
    }

    /// The runs of processes that make one shard; some of them may be alive.
    List<String> parts() throws IOException {
        return list(folder.resolve(NAME)).stream()
                .map(f -> f.getFileName().toString())
                .filter(n -> n.endsWith(LOCK))
                .map(n -> n.substring(0, n.length() - LOCK.length()))
                .toList();
    }

    private static List<Path> list(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
