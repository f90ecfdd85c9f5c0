package jmergekit.publish;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import jmergekit.problem.Problem;
import jmergekit.problem.ShortList;
import jmergekit.s3.ObjectPath;
import jmergekit.s3.ObjectStore;
import jmergekit.shards.ShardFormat;
import jmergekit.shards.ShardLayout;

/// The objects in a store at the destination of an output:
///
/// ```
/// .jmergekit-run/run.json      the record of the runs that write here, until completion
/// .jmergekit-run/SHARD.json    a shard, once all of it is there
/// .jmergekit-files.json        the files of a complete output, or of one that is nearly complete
/// ```
///
/// @param sizes of the objects, by what follows the prefix and a slash
record StoredOutput(ObjectStore store, ObjectPath target, Map<String, Long> sizes) {
    private static final String NOTES = ShardRecords.NAME + "/";
    private static final String NOTE = ".json";
    private static final String RECORD = NOTES + "run.json";
    private static final int SHOWN = 3;
    private static final long MOST_BYTES = 16 << 20;

    static StoredOutput of(ObjectStore store, ObjectPath target) {
        Map<String, Long> sizes = new TreeMap<>();
        store.list(target).forEach(o -> sizes.put(o.name(), o.size()));
        return new StoredOutput(store, target, sizes);
    }

    /// The object of the record.
    static ObjectPath record(ObjectPath target) {
        return target.child(RECORD);
    }

    /// The object of a shard's record.
    static ObjectPath note(ObjectPath target, String shard) {
        return target.child(NOTES + shard + NOTE);
    }

    /// Whether runs are writing here, or were stopped while writing. These two cannot be
    /// distinguished.
    boolean isUnfinished() {
        return sizes.containsKey(RECORD);
    }

    /// What stops a run from writing here.
    ///
    /// @param resume whether it resumes from existing shards
    /// @param overwrite whether it replaces what other runs wrote
    Optional<Problem> problem(boolean resume, boolean overwrite) {
        if (sizes.isEmpty()) {
            return Optional.empty();
        }
        List<String> foreign = foreign();
        if (!foreign.isEmpty()) {
            return Optional.of(
                    refused("there are objects that no run of jmergekit wrote")
                            .found(ShortList.quoted(foreign, SHOWN))
                            .hint("choose another prefix"));
        }
        if (isUnfinished()) {
            return resume || overwrite
                    ? Optional.empty()
                    : Optional.of(
                            refused(
                                            "there are shards of a run that was stopped, or is"
                                                    + " still running")
                                    .hint(
                                            "continue from them with --resume, or replace them"
                                                    + " with --overwrite if no run is writing"
                                                    + " there"));
        }
        return overwrite
                ? Optional.empty()
                : Optional.of(
                        refused("there is a model already")
                                .hint("give --overwrite to replace it, or choose another prefix"));
    }

    /// What stops a process that makes a shard from writing here, or stops finished shards from
    /// being published. Processes do not replace a model, since each would remove what the others
    /// have made.
    Optional<Problem> partProblem() {
        return problem(true, false)
                .map(p -> p.hint("choose another prefix: parts replace nothing in a store"));
    }

    /// Whether the output is complete and has a file with this content.
    boolean holds(String name, byte[] content) {
        return !isUnfinished() && manifest().filter(m -> holds(m, name, content)).isPresent();
    }

    private boolean holds(Manifest manifest, String name, byte[] content) {
        return manifest.holds(name, content)
                && manifest.files().entrySet().stream()
                        .allMatch(f ->
                                Long.valueOf(f.getValue().bytes()).equals(sizes.get(f.getKey())))
                && Arrays.equals(bytes(name), content);
    }

    private Optional<Manifest> manifest() {
        return sizes.containsKey(Manifest.NAME)
                ? Manifest.parse(bytes(Manifest.NAME))
                : Optional.empty();
    }

    private Problem refused(String what) {
        return Problem.output(target.toString(), what);
    }

    private List<String> foreign() {
        List<String> listed = new ArrayList<>();
        manifest().ifPresent(m -> listed.addAll(m.files().keySet()));
        return sizes.keySet().stream().filter(name -> !isOurs(name, listed)).toList();
    }

    private boolean isOurs(String name, List<String> listed) {
        return name.startsWith(NOTES)
                || name.equals(Manifest.NAME)
                || listed.contains(name)
                || isUnfinished() && ShardFormat.isShardOfAny(name);
    }

    // No run writes larger files.
    private byte[] bytes(String name) {
        long size = sizes.get(name);
        return size > MOST_BYTES ? new byte[0] : store.read(target.child(name), "", 0, size);
    }

    /// What stops a run from resuming from the shards.
    Optional<Problem> difference(RunRecord record) {
        return RunRecord.parse(bytes(RECORD))
                .map(found -> record.difference(found, target.toString()))
                .orElseGet(() -> Optional.of(refused("its record is invalid")))
                .map(p -> p.hint("choose another prefix, or use the plan of these shards"));
    }

    /// The record of a shard, if the shard is finished and has its size.
    Optional<FinishedShard> finished(ShardLayout.Shard shard) {
        String note = NOTES + shard.fileName() + NOTE;
        return sizes.containsKey(note)
                        && Long.valueOf(shard.fileSize()).equals(sizes.get(shard.fileName()))
                ? FinishedShard.parse(bytes(note))
                : Optional.empty();
    }

    /// Removes all objects, the configuration first.
    void remove() {
        delete(List.of("config.json", "adapter_config.json"));
        delete(List.copyOf(sizes.keySet()));
    }

    /// Removes the record of the run and the records of its shards.
    void removeNotes() {
        delete(sizes.keySet().stream().filter(n -> n.startsWith(NOTES)).toList());
    }

    private void delete(List<String> names) {
        store.delete(names.stream().filter(sizes::containsKey).map(target::child).toList());
    }
}
