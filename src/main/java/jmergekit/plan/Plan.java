package jmergekit.plan;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jmergekit.model.InputFile;
import jmergekit.shards.ShardLayout;
import org.jspecify.annotations.Nullable;

/// Everything a run will do, decided before a tensor is read. Immutable. Equal recipes and inputs
/// give equal plans, wherever their folders are.
public final class Plan {
    private static final long HEAP_FOR_PLANS = 100_000_000;

    private final List<String> models;
    private final List<TensorTask> tasks;
    private final ShardLayout shards;
    private final List<PlannedFile> files;
    private final List<PlannedFile.Text> cards;
    private final OptionalLong vocabularyRows;
    private final Map<String, Values> computed;
    private final Listing listing;
    // Hashing a plan of many tensors takes a while, so the hash is computed once.
    private final AtomicReference<@Nullable String> hash;

    /// The lines of a listing.
    ///
    /// @param head models and counts
    /// @param settings the changes to the configuration
    /// @param details lines that a summary omits
    public record Listing(List<String> head, List<String> settings, List<String> details) {
        public static final Listing EMPTY = new Listing(List.of(), List.of(), List.of());

        public Listing {
            head = List.copyOf(head);
            settings = List.copyOf(settings);
            details = List.copyOf(details);
        }
    }

    /// @param models the models' names in messages and listings, by index
    /// @param tasks the output tensors in output order
    /// @param shards the output files of the tensors
    /// @param files the files of the output other than weights and index, in the order of writing;
    ///     the file that makes the folder loadable is last
    /// @param cards files that describe the output and contain the hash, and so are not part of it
    /// @param vocabularyRows the number of rows in tensors that follow a merged vocabulary, if
    ///     there is one
    /// @param computed values of [Source.Computed], by tensor name; they follow from the rest and
    ///     may be missing until the run begins
    /// @param listing the lines of the plan's listing other than tensors and sizes
    public Plan(
            List<String> models,
            List<TensorTask> tasks,
            ShardLayout shards,
            List<PlannedFile> files,
            List<PlannedFile.Text> cards,
            OptionalLong vocabularyRows,
            Map<String, Values> computed,
            Listing listing) {
        this(
                models,
                tasks,
                shards,
                files,
                cards,
                vocabularyRows,
                computed,
                listing,
                new AtomicReference<>());
    }

    private Plan(
            List<String> models,
            List<TensorTask> tasks,
            ShardLayout shards,
            List<PlannedFile> files,
            List<PlannedFile.Text> cards,
            OptionalLong vocabularyRows,
            Map<String, Values> computed,
            Listing listing,
            AtomicReference<@Nullable String> hash) {
        this.models = List.copyOf(models);
        this.tasks = List.copyOf(tasks);
        this.shards = shards;
        this.files = List.copyOf(files);
        this.cards = List.copyOf(cards);
        this.vocabularyRows = vocabularyRows;
        this.computed = Map.copyOf(computed);
        this.listing = listing;
        this.hash = hash;
    }

    public List<String> models() {
        return models;
    }

    public List<TensorTask> tasks() {
        return tasks;
    }

    public ShardLayout shards() {
        return shards;
    }

    public List<PlannedFile> files() {
        return files;
    }

    public List<PlannedFile.Text> cards() {
        return cards;
    }

    public OptionalLong vocabularyRows() {
        return vocabularyRows;
    }

    public Map<String, Values> computed() {
        return computed;
    }

    public Listing listing() {
        return listing;
    }

    /// A plan of tensors only.
    public static Plan of(List<String> models, List<TensorTask> tasks, ShardLayout shards) {
        return new Plan(
                models,
                tasks,
                shards,
                List.of(),
                List.of(),
                OptionalLong.empty(),
                Map.of(),
                Listing.EMPTY);
    }

    /// The hash of everything that determines the output, as in `sha256:0f…`. Of folders, only the
    /// names count, not where they are.
    public String hash() {
        String known = hash.get();
        if (known == null) {
            known = PlanHash.of(this);
            hash.set(known);
        }
        return known;
    }

    /// The last part of a folder's name, used where the location of the folder does not matter.
    public static String label(String folder) {
        return PlanHash.label(folder);
    }

    /// The same plan with other cards, which do not change the hash.
    public Plan withCards(List<PlannedFile.Text> texts) {
        return new Plan(
                models, tasks, shards, files, texts, vocabularyRows, computed, listing, hash);
    }

    /// The same plan with the values of [Source.Computed].
    public Plan withComputed(Map<String, Values> values) {
        return new Plan(models, tasks, shards, files, cards, vocabularyRows, values, listing, hash);
    }

    /// The same plan with tensors of files in place of the [Source.Computed] with their names; the
    /// hash does not change.
    public Plan withStored(Collection<Source.Stored> stored) {
        Map<String, Source> byName = new HashMap<>();
        stored.forEach(s -> byName.put(s.spec().name(), s));
        List<TensorTask> changed =
                tasks.stream()
                        .map(task ->
                                task.work() instanceof Work.Parts
                                        ? task
                                        : new TensorTask(
                                                task.output(),
                                                task.inputs().stream()
                                                        .map(i -> i.map(s -> inFile(s, byName)))
                                                        .toList(),
                                                task.work()))
                        .toList();
        return new Plan(
                models,
                changed,
                shards,
                files,
                cards,
                vocabularyRows,
                computed,
                listing,
                new AtomicReference<>(hash()));
    }

    private static Source inFile(Source source, Map<String, Source> stored) {
        return source instanceof Source.Computed c
                ? stored.getOrDefault(c.spec().name(), c)
                : source;
    }

    /// The tasks of each shard, in the order of their data, by the shard's file name.
    public Map<String, List<TensorTask>> tasksByFile() {
        Map<String, TensorTask> byName = new HashMap<>();
        tasks.forEach(task -> byName.put(task.output().name(), task));
        Map<String, List<TensorTask>> byFile = new LinkedHashMap<>();
        for (ShardLayout.Shard shard : shards.shards()) {
            byFile.put(
                    shard.fileName(),
                    shard.entries().stream().map(e -> byName.get(e.spec().name())).toList());
        }
        return byFile;
    }

    /// All sources of all tasks.
    public Stream<Source> sources() {
        return tasks.stream().flatMap(TensorTask::all);
    }

    /// The files that tensors are read from, in the order of their first use.
    public List<InputFile> inputFiles() {
        Set<InputFile> met = new LinkedHashSet<>();
        sources()
                .forEach(s -> {
                    if (s instanceof Source.Stored stored) {
                        met.add(stored.file());
                    }
                });
        return List.copyOf(met);
    }

    /// The names of the folders that anything is read from, in the order of their first use.
    public List<String> folders() {
        Stream<String> copied =
                files.stream()
                        .flatMap(f ->
                                f instanceof PlannedFile.Copy c
                                        ? Stream.of(c.folder())
                                        : Stream.empty());
        return Stream.concat(inputFiles().stream().map(InputFile::folder), copied)
                .distinct()
                .toList();
    }

    /// Bytes of tensor data that are read, each input once.
    public long inputBytes() {
        return tasks.stream().mapToLong(Plan::inputBytes).sum();
    }

    /// The bytes of tensor data that one task reads.
    public static long inputBytes(TensorTask task) {
        return Stream.concat(Stream.of(task), task.inner().stream())
                .flatMap(t -> t.inputs().stream())
                .mapToLong(i -> inputBytes(i.source()))
                .sum();
    }

    private static long inputBytes(Source source) {
        return switch (source) {
            case Source.Made _, Source.Given _, Source.Computed _, Source.Noise _ -> 0;
            case Source.Stacked s -> s.parts().stream().mapToLong(Plan::inputBytes).sum();
            case Source.Joined j -> j.parts().stream().mapToLong(Plan::inputBytes).sum();
            case Interleaved s -> s.parts().stream().mapToLong(Plan::inputBytes).sum();
            case Rearranged.Viewed v -> inputBytes(v.tensor());
            case Rearranged.Rows r when r.tensor().shape().elements() > 0 ->
                    (long)
                            ((double) inputBytes(r.tensor())
                                    / r.tensor().shape().elements()
                                    * r.shape().elements());
            case Rearranged r -> inputBytes(r.tensor());
            case Source.WithStatistics s -> inputBytes(s.tensor()) + inputBytes(s.statistics());
            case Source.Scaled s when s.tensor() instanceof Rearranged -> inputBytes(s.tensor());
            default ->
                    Math.multiplyExact(
                                    source.shape().elements(), (long) source.spec().dtype().bits())
                            / Byte.SIZE;
        };
    }

    /// The bytes of tensor data that are written.
    public long outputBytes() {
        return tasks.stream().mapToLong(t -> t.output().bytes()).sum();
    }

    /// The most working memory that one thread uses, in bytes.
    public long memoryOfThread() {
        return tasks.stream().mapToLong(TensorTask::memory).max().orElse(0);
    }

    /// The most bytes that a merge method uses for one tensor, in addition to the working memory of
    /// a thread.
    public long memoryOfMethod() {
        return tasks.stream().mapToLong(TensorTask::memoryOfMethod).max().orElse(0);
    }

    /// The approximate memory of a run in bytes, without the page cache.
    public long memory(int threads) {
        return HEAP_FOR_PLANS + threads * (memoryOfThread() + memoryOfMethod());
    }

    /// The largest scratch file that one thread uses for outputs of inner tasks, in bytes.
    public long scratchOfThread() {
        return tasks.stream().mapToLong(TensorTask::scratchBytes).max().orElse(0);
    }

    /// The names of sources whose values must be computed before the run and are still missing.
    public Set<String> missing() {
        return sources()
                .flatMap(s ->
                        s instanceof Source.Computed c
                                ? Stream.of(c.spec().name())
                                : Stream.empty())
                .filter(name -> !computed.containsKey(name))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Plan p
                && models.equals(p.models)
                && tasks.equals(p.tasks)
                && shards.equals(p.shards)
                && files.equals(p.files)
                && cards.equals(p.cards)
                && vocabularyRows.equals(p.vocabularyRows)
                && computed.equals(p.computed)
                && listing.equals(p.listing);
    }

    @Override
    public int hashCode() {
        return Objects.hash(models, shards, files);
    }

    @Override
    public String toString() {
        return "plan %s of %d tensors".formatted(hash(), tasks.size());
    }
}
