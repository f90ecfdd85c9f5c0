package jmergekit.planner;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import jmergekit.config.Located;
import jmergekit.method.PreparedMethod;
import jmergekit.model.Adapter;
import jmergekit.model.ModelConfig;
import jmergekit.model.ModelFolder;
import jmergekit.model.ModelLocator;
import jmergekit.model.ModelReference;
import jmergekit.model.StatisticsFile;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.weights.Checkpoint;
import tools.jackson.databind.node.ObjectNode;

/// A cache of opened models, so that the next plan does not read their headers again. Thread-safe.
///
/// Changes on disk after a model was opened are not noticed here; a run checks the files again and
/// refuses those that changed.
public final class OpenedModels {
    private final OpenedOnce<ModelFolder> opened;
    private final OpenedOnce<Adapter> adapters;
    private final OpenedOnce<StatisticsFile> statistics;
    private final Map<String, NestedModel> nested = new ConcurrentHashMap<>();

    public OpenedModels() {
        this(new OpenedOnce<>(), new OpenedOnce<>(), new OpenedOnce<>());
    }

    private OpenedModels(
            OpenedOnce<ModelFolder> opened,
            OpenedOnce<Adapter> adapters,
            OpenedOnce<StatisticsFile> statistics) {
        this.opened = opened;
        this.adapters = adapters;
        this.statistics = statistics;
    }

    /// The same models without names of nested recipes, which belong to a single plan.
    public OpenedModels withoutNested() {
        return new OpenedModels(opened, adapters, statistics);
    }

    /// Whether a reference names a nested recipe.
    public boolean isNested(ModelReference reference) {
        return nested.containsKey(reference.path());
    }

    /// A model that a recipe makes.
    private record NestedModel(PlannedMerge merge, ModelFolder model) {
        /// The model with the adapter that the reference adds, if any.
        Optional<ModelFolder> as(ModelReference reference, ModelLocator models, Problems problems) {
            Optional<Adapter> adapter =
                    reference
                            .adapter()
                            .flatMap(a ->
                                    ModelFolder.adapter(a, reference.toString(), models, problems));
            if (adapter.isPresent() != reference.adapter().isPresent()) {
                return Optional.empty();
            }
            return Optional.of(
                    new ModelFolder(
                            reference,
                            model.folder(),
                            model.config(),
                            reference.overrideArchitecture().orElse(model.architecture()),
                            model.checkpoint(),
                            adapter,
                            model.ownTokenizer()));
        }
    }

    /// Makes a name refer to the result of a recipe, so that another recipe can merge it.
    ///
    /// @param name that recipes use for it
    /// @param config its config.json
    /// @throws MergeException if the result cannot be part of another merge
    public void nest(ModelReference name, PlannedMerge merge, ObjectNode config) {
        if (merge.outputTokenizer().isPresent()) {
            throw new MergeException(
                    Problem.usage(name.toString(), "a nested recipe cannot make a tokenizer")
                            .hint("set 'tokenizer' and 'chat_template' in the outermost recipe"));
        }
        nest(name, merge, config, Optional.empty());
    }

    /// The same for a recipe that may make a tokenizer.
    ///
    /// @param tokenizer the folder with the tokenizer that it makes
    public void nest(
            ModelReference name, PlannedMerge merge, ObjectNode config, Optional<Path> tokenizer) {
        // These methods measure all tensors of an output; the outer recipe may use only some of
        // them.
        if (merge.method() instanceof PreparedMethod) {
            Located<String> method = merge.config().mergeMethod();
            throw new MergeException(
                    Problem.recipe(
                                    method.at(),
                                    "merge method '%s' needs statistics and cannot be used inside another recipe"
                                            .formatted(method.value()))
                            .hint("merge '%s' into a folder first".formatted(name)));
        }
        Optional<Located<String>> form =
                merge.config().outDtype().filter(t -> OutputForm.of(t.value()).isPresent());
        if (form.isPresent()) {
            throw new MergeException(
                    Problem.recipe(
                                    form.get().at(),
                                    "a nested recipe cannot write a quantised model")
                            .hint("set this 'out_dtype' in the outermost recipe"));
        }
        ModelFolder donor = merge.donorModel();
        ModelConfig own = new ModelConfig(name + "/config.json", config);
        ModelFolder model =
                new ModelFolder(
                        name,
                        donor.folder(),
                        own,
                        own.architecture(),
                        Checkpoint.of(
                                donor.folder(), new NestedHeader(name.toString(), merge.tasks())),
                        Optional.empty(),
                        tokenizer);
        nested.put(name.path(), new NestedModel(merge, model));
    }

    /// The recipes that make some of the models.
    public Map<ModelReference, PlannedMerge> nestedAmong(List<ModelFolder> models) {
        Map<ModelReference, PlannedMerge> found = new HashMap<>();
        for (ModelFolder model : models) {
            NestedModel made = nested.get(model.reference().path());
            if (made != null) {
                found.put(model.reference(), made.merge());
            }
        }
        return found;
    }

    /// The tokenizer's folder of a model that a recipe makes.
    Optional<Path> nestedTokenizer(ModelReference reference) {
        return Optional.ofNullable(nested.get(reference.path()))
                .map(made -> made.model().tokenizerFolder());
    }

    /// As [ModelFolder#open]; each usable model is opened once.
    public Optional<ModelFolder> open(
            ModelReference reference, ModelLocator models, Problems problems) {
        NestedModel made = nested.get(reference.path());
        if (made != null) {
            return made.as(reference, models, problems);
        }
        return opened.get(reference, own -> ModelFolder.open(reference, models, own), problems);
    }

    /// As [StatisticsFile#open]; each usable file is opened once.
    Optional<StatisticsFile> statistics(
            ModelReference reference, ModelLocator models, Problems problems) {
        return statistics.get(
                reference, own -> StatisticsFile.open(reference, models, own), problems);
    }

    /// As [Adapter#open]; each usable adapter is opened once.
    ///
    /// @param reference to a folder that contains only an adapter
    public Optional<Adapter> adapter(
            ModelReference reference, ModelLocator models, Problems problems) {
        String label = reference.toString();
        return adapters.get(
                reference,
                own ->
                        models.find(reference.path(), reference.revision(), label, own)
                                .flatMap(folder -> Adapter.open(folder, label, own)),
                problems);
    }
}
