package jmergekit.publish;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.s3.ObjectPath;
import jmergekit.s3.ObjectStore;
import jmergekit.shards.ShardLayout;
import jmergekit.threads.ExitAction;

/// An output in an object store. It is made in a folder on this machine, and each shard leaves the
/// folder as soon as it is finished. A store cannot rename: shards get their final names
/// immediately, and `config.json`, which makes the model loadable, comes last. Until then the store
/// has the run's record and the records of finished shards, from which another run on any machine
/// can resume.
public final class StoreDestination implements Destination {
    /// The number of shards that may wait for their upload. Each takes disk, and the network is
    /// slower than the disk.
    private static final int WAITING = 2;

    private final ObjectStore store;
    private final ObjectPath target;
    private final boolean overwrite;
    private final Path staging;
    private final Function<Path, Optional<ObjectPath>> origin;
    private final OutputPlace place;
    private final ShardUploads uploads;
    private final ExitAction exit;

    /// @param target the common prefix of its objects
    /// @param staging a folder on this machine that nobody else uses; it need not exist yet
    /// @param origin the place in the store of a file or folder that is read, if it comes from
    ///     there
    /// @param overwrite whether an existing model may be replaced
    public StoreDestination(
            ObjectStore store,
            ObjectPath target,
            Path staging,
            Function<Path, Optional<ObjectPath>> origin,
            boolean overwrite) {
        this.store = store.forOutput();
        this.target = target;
        this.overwrite = overwrite;
        this.staging = staging;
        this.origin = origin;
        this.uploads = new ShardUploads(this.store, target);
        this.place = OutputPlace.of(staging.resolve(target.name()), false, false).with(uploads);
        // Parts of an upload that is never completed or aborted stay in the store, and cost money.
        // The folder is removed with the cache that contains it.
        this.exit = ExitAction.add(uploads::stopAtExit);
    }

    @Override
    public OutputPlace place() {
        return place;
    }

    @Override
    public String name() {
        return target.toString();
    }

    @Override
    public void check(boolean resume, Problems problems) {
        StoredOutput.of(store, target).problem(resume, overwrite).ifPresent(problems::add);
    }

    @Override
    public void check(List<Path> inputs, long bytes, Problems problems) {
        place.check(inputs, bytes, problems);
        inputs.stream()
                .flatMap(input -> origin.apply(input).stream())
                .filter(target::isAbove)
                .findFirst()
                .map(this::inputProblem)
                .ifPresent(problems::add);
    }

    private Problem inputProblem(ObjectPath input) {
        return input.equals(target)
                ? Problem.output(name(), "the output is also an input")
                        .hint("choose another prefix")
                : Problem.output(name(), "an input is below the output")
                        .found(input.toString())
                        .hint("choose another prefix");
    }

    @Override
    public long localBytes(ShardLayout layout, long bytes, int shards) {
        long largest =
                layout.shards().stream().mapToLong(ShardLayout.Shard::fileSize).max().orElse(0);
        return Math.min(bytes, (shards + WAITING) * largest);
    }

    @Override
    public void begin(RunRecord record, ShardLayout layout, boolean resume) {
        StoredOutput there = StoredOutput.of(store, target);
        there.problem(resume, overwrite).ifPresent(StoreDestination::refuse);
        begin(there, record, layout, names(layout), resume);
    }

    // A process that overwrites would remove what the others have made.
    @Override
    public void join(RunRecord record, ShardLayout layout, Collection<String> shards) {
        StoredOutput there = StoredOutput.of(store, target);
        there.partProblem().ifPresent(StoreDestination::refuse);
        begin(there, record, layout, shards, true);
    }

    @Override
    public void collect(RunRecord record, ShardLayout layout) {
        StoredOutput there = StoredOutput.of(store, target);
        there.partProblem().ifPresent(StoreDestination::refuse);
        if (there.isUnfinished()) {
            takeOver(there, record, layout, names(layout));
        }
    }

    @Override
    public boolean holds(String name, byte[] content) {
        return StoredOutput.of(store, target).holds(name, content);
    }

    @Override
    public String shards() {
        return name();
    }

    @Override
    public String elsewhere() {
        return name();
    }

    private static List<String> names(ShardLayout layout) {
        return layout.shards().stream().map(ShardLayout.Shard::fileName).toList();
    }

    private void begin(
            StoredOutput there,
            RunRecord record,
            ShardLayout layout,
            Collection<String> wanted,
            boolean resume) {
        if (there.isUnfinished() && resume) {
            takeOver(there, record, layout, wanted);
        } else {
            there.remove();
            store.write(StoredOutput.record(target), record.bytes());
        }
    }

    private void takeOver(
            StoredOutput there, RunRecord record, ShardLayout layout, Collection<String> wanted) {
        there.difference(record).ifPresent(StoreDestination::refuse);
        List<ShardLayout.Shard> shards =
                layout.shards().stream().filter(s -> wanted.contains(s.fileName())).toList();
        new StoredShards(store, there, place).restore(record, shards).forEach(uploads::found);
    }

    private static void refuse(Problem problem) {
        throw new MergeException(problem);
    }

    @Override
    public void deliver() {
        uploads.await();
        Path folder = place.target();
        Manifest manifest =
                Manifest.read(folder)
                        .orElseThrow(() -> new IllegalStateException("no manifest in " + folder));
        List<String> names = new ArrayList<>(manifest.files().keySet());
        names.removeAll(uploads.delivered());
        names.add(Manifest.NAME);
        names.sort(Comparator.comparingInt(StoreDestination::rank).thenComparing(n -> n));
        for (String name : names) {
            uploads.upload(name, folder.resolve(name));
        }
        check(manifest);
        StoredOutput.of(store, target).removeNotes();
    }

    // The manifest first: it tells a later run which objects are ours. Loaders look for the
    // configuration, and without it there is no model.
    private static int rank(String name) {
        return switch (name) {
            case Manifest.NAME -> 0;
            case "config.json", "adapter_config.json" -> 2;
            default -> 1;
        };
    }

    private void check(Manifest manifest) {
        Map<String, Long> sizes = new TreeMap<>();
        store.list(target).forEach(o -> sizes.put(o.name(), o.size()));
        Set<String> wrong = new TreeSet<>();
        manifest.files()
                .forEach((name, entry) -> {
                    if (!Long.valueOf(entry.bytes()).equals(sizes.get(name))) {
                        wrong.add(name);
                    }
                });
        if (!wrong.isEmpty()) {
            throw new MergeException(
                    Problem.output(
                                    target.toString(),
                                    "objects have changed since they were written")
                            .found("'" + String.join("', '", wrong) + "'")
                            .hint("another program writes there; choose another prefix"));
        }
    }

    @Override
    public void close() {
        stop();
        exit.close();
    }

    private void stop() {
        uploads.stop();
        removeStaging();
    }

    private void removeStaging() {
        try {
            Removal.ofAll(staging);
        } catch (IOException _) {
            // It is removed with the folder that contains it.
        }
    }
}
