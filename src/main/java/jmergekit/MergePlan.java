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

/// Everything that a run will do, decided before a tensor is read. Any number of runs may carry it
/// out, also at the same time, and each makes the same bytes.
///
/// A run throws a [MergeFailedException] if an input changed since its model was opened, or the
/// output cannot be written, and a [MergeCancelledException] if it was cancelled.
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

    // The gates of a mixture are computed once, whoever needs them first.
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

    /// What is odd about the recipe and its models.
    public List<MergeProblem> warnings() {
        return warnings;
    }

    /// The hash of all that the output is made of, as in `sha256:0f…`: equal for the same recipe and
    /// models, wherever these lie.
    public String hash() {
        String known = hash == null ? plan().hash() : hash;
        hash = known;
        return known;
    }

    /// The plan as data, for [Models#planFromJson]. The gates of a mixture are part of it: if nobody
    /// has computed them yet, that happens now.
    public String toJson() {
        return Models.json(withGates());
    }

    /// The same without a copy of it in memory, for [Models#readPlan]. A file must be in UTF-8. If the
    /// writer fails, that is a [java.io.UncheckedIOException].
    ///
    /// @param out stays open
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

    /// The plan for people, with each tensor.
    public String text() {
        return PlanText.of(plan(), Runtime.getRuntime().availableProcessors(), true);
    }

    /// The names of the tensors.
    public List<String> tensors() {
        return plan().tasks().stream().map(t -> t.output().name()).toList();
    }

    /// The names of the files with weights.
    public List<String> shards() {
        return plan().shards().shards().stream().map(ShardLayout.Shard::fileName).toList();
    }

    /// Bytes of tensor data in the output.
    public long bytes() {
        return plan().outputBytes();
    }

    /// Writes the model with the usual settings.
    public void write(Path folder) {
        write(folder, RunSettings.defaults());
    }

    /// Writes the model. The folder appears complete or not at all. With [RunSettings#report] there is a
    /// `report.html` in it, with the result against its parents, and a picture of that in the card; such
    /// an output cannot go to a store.
    public void write(Path folder, RunSettings settings) {
        MergeFailedException.translate(() -> {
            running(settings).write(folder);
            return folder;
        });
    }

    /// Writes what the output has besides the weights, their index and the cards, such as config.json
    /// and the tokenizer, into a folder, which is made if it is not there. Nothing is merged: together
    /// with [#merge] it is all that is needed to run a model that is not written.
    ///
    /// @param folder none of the files may be in it
    /// @return the names of the files, with forward slashes
    public List<String> writeFiles(Path folder) {
        return MergeFailedException.translate(() -> {
            models.fetch(bound.copiedFiles(), Listener.NONE);
            Path place = LocalPath.of(folder.toString(), models.workingDirectory());
            return new FilesRun(bound).write(place);
        });
    }

    /// Makes one shard, and nothing else. It is kept in `OUTPUT.partial` beside the output folder, until
    /// [#publish]. Any number of processes may make shards of one output at the same time.
    ///
    /// @param shard its number in [#shards], from 0 on
    /// @return whether it was made now; if not, it was there already
    public boolean makePart(int shard, Path output, RunSettings settings) {
        String name = shards().get(shard);
        return MergeFailedException.translate(() -> running(settings).makePart(name, output));
    }

    /// Makes one shard with the usual settings.
    ///
    /// @param shard its number in [#shards], from 0 on
    /// @return whether it was made now; if not, it was there already
    public boolean makePart(int shard, Path output) {
        return makePart(shard, output, RunSettings.defaults());
    }

    /// For each of the [#shards] the bytes of tensor data that are read and written to make it.
    public List<Long> bytesOfShards() {
        return ShardShares.bytes(plan());
    }

    /// Shares the shards among workers so that each reads and writes about as many bytes.
    ///
    /// @param count of workers
    /// @return for each of them the numbers of its shards in [#shards], from 0 on; none if there are more
    ///     workers than shards
    public List<List<Integer>> shares(int count) {
        return ShardShares.of(plan(), count);
    }

    /// Puts the model in place, from the shards that were made by [#makePart] and the files beside
    /// them. Merges nothing and reads no weights: if a shard is missing or damaged, this is refused with
    /// the list of them, and the shards stay. [#write] with `resume` makes those first.
    ///
    /// @return whether it was put in place now; if not, the complete model of this plan was there already,
    ///     which is seen by its card
    public boolean publish(Path output, RunSettings settings) {
        return MergeFailedException.translate(() -> running(settings).publish(output));
    }

    /// Puts the model in place with the usual settings.
    ///
    /// @return whether it was put in place now; if not, it was there already
    public boolean publish(Path output) {
        return publish(output, RunSettings.defaults());
    }

    /// All tensors in memory, outside the heap, in the order of [#tensors].
    public Map<String, Tensor> toMemory() {
        return toMemory(RunSettings.defaults());
    }

    /// All tensors in memory, outside the heap, in the order of [#tensors]. Each is released when
    /// nothing refers to it any more, and until then counts against the virtual machine's limit,
    /// `-XX:MaxDirectMemorySize`. [#merge] has no such limit.
    public Map<String, Tensor> toMemory(RunSettings settings) {
        return MergeFailedException.translate(() -> running(settings).tensors(Arena::ofAuto));
    }

    /// All tensors in memory, outside the heap, until the result is closed.
    public MergedTensors merge(RunSettings settings) {
        return MergeFailedException.translate(() -> MergedTensors.of(running(settings)));
    }

    /// Hands on each tensor with the usual settings.
    public void forEach(Consumer<Tensor> consumer) {
        forEach(consumer, RunSettings.defaults());
    }

    /// Hands on each tensor when it is finished: one at a time, in no particular order, on a thread of
    /// the run. An exception that the consumer throws ends the run.
    ///
    /// @param consumer the bytes that it is given are released when it returns
    public void forEach(Consumer<Tensor> consumer, RunSettings settings) {
        MergeFailedException.translate(() -> {
            running(settings).make(TensorSink.passing(plan(), consumer));
            return consumer;
        });
    }

    /// Whether the other is a plan of the same bytes, cards and names. Whether the gates of a mixture
    /// are computed yet does not count.
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

    /// That of the [#hash].
    @Override
    public int hashCode() {
        return hash().hashCode();
    }
}
