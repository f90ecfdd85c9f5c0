package jmergekit.planner;

import java.nio.file.Path;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import jmergekit.config.MergeConfig;
import jmergekit.method.MergeMethod;
import jmergekit.model.ModelFolder;
import jmergekit.model.ModelReference;
import jmergekit.model.StatisticsFile;
import jmergekit.plan.TensorTask;
import jmergekit.shards.ShardLayout;

/// The plan of a recipe: the tasks, and what the other files of the output are made from.
/// Immutable.
///
/// @param models every model of the recipe, in order of appearance, the base model first
/// @param base the base model's reference, if the recipe has one
/// @param donor index of the model whose config.json, tokenizer and other files the output gets
/// @param tasks the output tensors in output order
/// @param shards the output files
/// @param seed of random methods
/// @param tokenizer of the output, if it is not just the donor's
/// @param notes how names and parts of models were interpreted, in words
/// @param nested the recipes that make some of the models
/// @param leftOut the tensors of the models that the recipe does not use
/// @param statistics the files of statistics that this recipe itself reads
public record PlannedMerge(
        MergeConfig config,
        MergeMethod method,
        List<ModelFolder> models,
        Optional<ModelReference> base,
        int donor,
        List<TensorTask> tasks,
        ShardLayout shards,
        ConfigChanges configChanges,
        long seed,
        Optional<TokenizerPlan> tokenizer,
        List<String> notes,
        List<LeftOut> leftOut,
        Map<ModelReference, PlannedMerge> nested,
        List<StatisticsFile> statistics) {
    public PlannedMerge {
        models = List.copyOf(models);
        tasks = List.copyOf(tasks);
        notes = List.copyOf(notes);
        leftOut = List.copyOf(leftOut);
        nested = Map.copyOf(nested);
        statistics = List.copyOf(statistics);
    }

    /// The model whose files, other than the weights, the output gets.
    public ModelFolder donorModel() {
        return models.get(donor);
    }

    /// The models that are read, each once. Models made by nested recipes are replaced by the
    /// models of those recipes and the adapters added to them.
    public List<ModelFolder> inputs() {
        return inputs(models, nested);
    }

    /// The models that are read for the given models.
    ///
    /// @param nested the recipes that make some of them
    public static List<ModelFolder> inputs(
            List<ModelFolder> models, Map<ModelReference, PlannedMerge> nested) {
        Map<ModelReference, ModelFolder> found = new LinkedHashMap<>();
        Set<PlannedMerge> entered = Collections.newSetFromMap(new IdentityHashMap<>());
        addInputs(models, nested, found, entered);
        return List.copyOf(found.values());
    }

    private static void addInputs(
            List<ModelFolder> models,
            Map<ModelReference, PlannedMerge> nested,
            Map<ModelReference, ModelFolder> found,
            Set<PlannedMerge> entered) {
        for (ModelFolder model : models) {
            PlannedMerge inner = nested.get(model.reference());
            if (inner == null || model.adapter().isPresent()) {
                found.putIfAbsent(model.reference(), model);
            }
            if (inner != null && entered.add(inner)) {
                addInputs(inner.models(), inner.nested(), found, entered);
            }
        }
    }

    /// The files of statistics that this recipe and nested ones read.
    public List<StatisticsFile> allStatistics() {
        return Stream.concat(Stream.of(this), inner().values().stream())
                .flatMap(m -> m.statistics().stream())
                .distinct()
                .toList();
    }

    /// The tokenizer of the output, which may be the one that a nested recipe makes for the donor;
    /// empty if it is the one in the donor's folder.
    public Optional<TokenizerPlan> outputTokenizer() {
        return tokenizer.or(() ->
                Optional.ofNullable(nested.get(donorModel().reference()))
                        .filter(_ -> !donorModel().hasAdaptersTokenizer())
                        .flatMap(PlannedMerge::outputTokenizer));
    }

    /// The recipes nested in this one at any depth, by name, each after those that it needs.
    public Map<String, PlannedMerge> inner() {
        Map<String, PlannedMerge> found = new LinkedHashMap<>();
        addInner(found);
        return found;
    }

    private void addInner(Map<String, PlannedMerge> found) {
        for (ModelFolder model : models) {
            PlannedMerge own = nested.get(model.reference());
            String name = model.reference().path();
            if (own != null && !found.containsKey(name)) {
                own.addInner(found);
                found.put(name, own);
            }
        }
    }

    /// The nested recipe whose tokenizer is in a folder while this recipe is planned.
    public Optional<PlannedMerge> makerOfTokenizer(Path folder) {
        for (ModelFolder model : models) {
            PlannedMerge inner = nested.get(model.reference());
            if (inner != null && model.ownTokenizer().equals(Optional.of(folder))) {
                return Optional.of(inner);
            }
        }
        return nested.values().stream()
                .flatMap(inner -> inner.makerOfTokenizer(folder).stream())
                .findFirst();
    }

    /// The models' names in messages and listings, by index.
    public List<String> labels() {
        return models.stream().map(m -> m.reference().toString()).toList();
    }
}
