package jmergekit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import jmergekit.engine.BoundPlan;
import jmergekit.engine.FilesRun;
import jmergekit.plan.Plan;
import jmergekit.plan.PlanJson;
import jmergekit.plan.PlanText;
import jmergekit.plan.ShardShares;
import jmergekit.shards.ShardLayout;
import jmergekit.weights.LocalPath;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.exc.JacksonIOException;

/// Everything that a run will do, decided before any tensor is read. A plan can be run any number
/// of times, also concurrently, and every run writes the same bytes.
///
/// A run throws a [MergeFailedException] if an input has changed since its model was opened or if
/// the output cannot be written, and a [MergeCancelledException] if it was cancelled.
public final class MergePlan {
    private final Models models;
    private final List<MergeProblem> warnings;
    private final OneAtATime completion = new OneAtATime();
    private volatile BoundPlan bound;
    private volatile @Nullable String hash;

    MergePlan(Models models, BoundPlan bound, List<MergeProblem> warnings) {
        this.models = models;
        this.bound = bound;
        this.warnings = List.copyOf(warnings);
    }

    private Plan plan() {
        return bound.plan();
    }

    // The gates of a mixture are computed once, by the first caller that needs them.
    private BoundPlan complete(RunSettings settings) {
        settings.cancellation().inner().check();
        completion.begin(settings.cancellation());
        try {
            Set<Path> files = new TreeSet<>(bound.weightFiles());
            files.addAll(bound.copiedFiles());
            models.fetch(files, settings.listener());
            settings.cancellation().inner().check();
            bound = bound.computed();
            return bound;
        } finally {
            completion.end();
        }
    }

    private RunningPlan running(RunSettings settings) {
        return new RunningPlan(models, bound, settings, () -> complete(settings));
    }

    /// Warnings about the recipe and its models.
    public List<MergeProblem> warnings() {
        return warnings;
    }

    /// The hash of everything that determines the output, as in `sha256:0f…`: equal for the same
    /// recipe and models, wherever the models are stored.
    public String hash() {
        String known = hash == null ? plan().hash() : hash;
        hash = known;
        return known;
    }

    /// The plan as JSON, for [Models#planFromJson]. The gates of a mixture are part of it and are
    /// computed now if they have not been yet.
    public String toJson() {
        return Models.json(withGates());
    }

    /// Writes the same JSON without holding a copy in memory, for [Models#readPlan]. A file must be
    /// in UTF-8. An [java.io.IOException] of the writer is thrown as a
    /// [java.io.UncheckedIOException].
    ///
    /// @param out is not closed
    public void writeJson(Writer out) {
        Plan plan = withGates();
        try {
            PlanJson.write(plan, out);
            out.flush();
        } catch (JacksonIOException e) {
            throw new UncheckedIOException(e.getCause());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Plan withGates() {
        return MergeFailedException.translate(() ->
                plan().missing().isEmpty() ? plan() : complete(RunSettings.defaults()).plan());
    }

    /// The plan as readable text, with every tensor.
    public String text() {
        return PlanText.of(plan(), Runtime.getRuntime().availableProcessors(), true);
    }

    /// The names of the tensors.
    public List<String> tensors() {
        return plan().tasks().stream().map(t -> t.output().name()).toList();
    }

    /// The file names of the shards.
    public List<String> shards() {
        return plan().shards().shards().stream().map(ShardLayout.Shard::fileName).toList();
    }

    /// Bytes of tensor data in the output.
    public long bytes() {
        return plan().outputBytes();
    }

    /// Writes the model with the default settings.
    public void write(Path folder) {
        write(folder, RunSettings.defaults());
    }

    /// Writes the model. The folder appears complete or not at all. With [RunSettings#report] it
    /// also contains `report.html`, which compares the result with its parents, and the model card
    /// shows a chart from it; such an output must be a local folder, not an object store.
    public void write(Path folder, RunSettings settings) {
        MergeFailedException.translate(() -> {
            running(settings).write(folder);
            return folder;
        });
    }

    /// Writes the files other than the weights, their index and the cards, such as config.json and
    /// the tokenizer, into a folder, which is created if it does not exist. Nothing is merged:
    /// together with [#merge] this is all that is needed to run a model without writing its
    /// weights.
    ///
    /// @param folder must not contain any of the files
    /// @return the names of the files, with forward slashes
    public List<String> writeFiles(Path folder) {
        return MergeFailedException.translate(() -> {
            models.fetch(bound.copiedFiles(), Listener.NONE);
            Path place = LocalPath.of(folder.toString(), models.workingDirectory());
            return new FilesRun(bound).write(place);
        });
    }

    /// Makes one shard and nothing else. It is kept in `OUTPUT.partial`, next to the output folder,
    /// until [#publish]. Any number of processes may make shards of one output at the same time.
    ///
    /// @param shard its index in [#shards]
    /// @return true if the shard was made now, false if it already existed
    public boolean makePart(int shard, Path output, RunSettings settings) {
        String name = shards().get(shard);
        return MergeFailedException.translate(() -> running(settings).makePart(name, output));
    }

    /// Makes one shard with the default settings.
    ///
    /// @param shard its index in [#shards]
    /// @return true if the shard was made now, false if it already existed
    public boolean makePart(int shard, Path output) {
        return makePart(shard, output, RunSettings.defaults());
    }

    /// For each of the [#shards], the bytes of tensor data read and written to make it.
    public List<Long> bytesOfShards() {
        return ShardShares.bytes(plan());
    }

    /// Divides the shards among workers so that each reads and writes about the same number of
    /// bytes.
    ///
    /// @param count the number of workers
    /// @return for each worker, the indices of its shards in [#shards]; empty for some if there are
    ///     more workers than shards
    public List<List<Integer>> shares(int count) {
        return ShardShares.of(plan(), count);
    }

    /// Publishes the model from the shards made by [#makePart] and adds the files next to them.
    /// Merges nothing and reads no weights: if shards are missing or damaged, the call fails and
    /// lists them, and the shards are kept. [#write] with `resume` makes the missing ones first.
    ///
    /// @return true if the model was published now, false if the complete model of this plan was
    ///     already there, which its card shows
    public boolean publish(Path output, RunSettings settings) {
        return MergeFailedException.translate(() -> running(settings).publish(output));
    }

    /// Publishes the model with the default settings.
    ///
    /// @return true if the model was published now, false if it was already there
    public boolean publish(Path output) {
        return publish(output, RunSettings.defaults());
    }

    /// Merges all tensors into off-heap memory, in the order of [#tensors].
    public Map<String, Tensor> toMemory() {
        return toMemory(RunSettings.defaults());
    }

    /// Merges all tensors into off-heap memory, in the order of [#tensors]. Each tensor is released
    /// when it is no longer referenced, and until then counts against the JVM's limit
    /// `-XX:MaxDirectMemorySize`. [#merge] has no such limit.
    public Map<String, Tensor> toMemory(RunSettings settings) {
        return MergeFailedException.translate(() -> running(settings).tensors(Arena::ofAuto));
    }

    /// Merges all tensors into off-heap memory, which is held until the result is closed.
    public MergedTensors merge(RunSettings settings) {
        return MergeFailedException.translate(() -> MergedTensors.of(running(settings)));
    }

    /// Passes each tensor to the consumer, with the default settings.
    public void forEach(Consumer<Tensor> consumer) {
        forEach(consumer, RunSettings.defaults());
    }

    /// Passes each tensor to the consumer when it is finished: one at a time, in no particular
    /// order, on a thread of the run. An exception thrown by the consumer ends the run.
    ///
    /// @param consumer receives tensors whose bytes are released when it returns
    public void forEach(Consumer<Tensor> consumer, RunSettings settings) {
        MergeFailedException.translate(() -> {
            running(settings).make(TensorSink.passing(plan(), consumer));
            return consumer;
        });
    }

    /// Whether the other plan makes the same bytes, cards and names. It does not matter whether the
    /// gates of a mixture have been computed yet.
    @Override
    public boolean equals(Object other) {
        return other instanceof MergePlan plan && decided().equals(plan.decided());
    }

    // Gates follow from the rest.
    private Plan decided() {
        Plan plan = plan();
        return new Plan(
                plan.models(),
                plan.tasks(),
                plan.shards(),
                plan.files(),
                plan.cards(),
                plan.vocabularyRows(),
                Map.of(),
                Plan.Listing.EMPTY);
    }

    /// The hash code of [#hash].
    @Override
    public int hashCode() {
        return hash().hashCode();
    }
}
