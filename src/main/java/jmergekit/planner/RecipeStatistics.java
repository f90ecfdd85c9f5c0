package jmergekit.planner;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import jmergekit.config.Composition;
import jmergekit.config.InputModel;
import jmergekit.config.Located;
import jmergekit.config.MergeConfig;
import jmergekit.config.ModuleConfig;
import jmergekit.config.OutputSlice;
import jmergekit.config.SliceSource;
import jmergekit.method.MethodInfo;
import jmergekit.method.StatisticsKind;
import jmergekit.model.InputFile;
import jmergekit.model.ModelLocator;
import jmergekit.model.ModelReference;
import jmergekit.model.StatisticsFile;
import jmergekit.plan.Plan;
import jmergekit.plan.Source;
import jmergekit.plan.TaskInput;
import jmergekit.primitive.Matrix;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.ShortList;
import jmergekit.tensor.DType;
import jmergekit.weights.TensorLocation;
import jmergekit.weights.WeightHeader;

/// The statistics files that a recipe names, and sources with their tensors.
final class RecipeStatistics {
    private static final int SHOWN = 4;

    private final Optional<StatisticsKind> kind;
    private final Map<Integer, StatisticsFile> files = new LinkedHashMap<>();
    private final Map<WeightHeader, InputFile> inputFiles = new IdentityHashMap<>();
    private final Findings misfits = new Findings();
    private final List<String> with = new ArrayList<>();
    private final List<String> without = new ArrayList<>();
    private final List<String> partly = new ArrayList<>();

    private RecipeStatistics(Optional<StatisticsKind> kind) {
        this.kind = kind;
    }

    /// Opens the files if the method needs them; every model must have one.
    static RecipeStatistics open(
            MergeConfig config,
            Optional<MethodInfo> method,
            InputModels models,
            PlanOptions options,
            Problems problems) {
        RecipeStatistics statistics = new RecipeStatistics(method.flatMap(MethodInfo::statistics));
        Map<ModelReference, Located<ModelReference>> named = named(config, problems);
        if (method.isEmpty()) {
            return statistics;
        }
        if (statistics.kind.isEmpty()) {
            named.values().stream()
                    .findFirst()
                    .ifPresent(first ->
                            problems.add(
                                    Problem.recipe(
                                                    first.at(),
                                                    "merge method '%s' uses no statistics"
                                                            .formatted(method.get().name()))
                                            .hint("'statistics' has no effect")
                                            .asWarning()));
            return statistics;
        }
        List<String> lacking = new ArrayList<>();
        models.byReference()
                .forEach((reference, model) -> {
                    Located<ModelReference> file = named.get(reference);
                    if (file == null) {
                        lacking.add(reference.toString());
                    } else {
                        statistics.open(file.value(), model, options, problems);
                    }
                });
        if (!lacking.isEmpty()) {
            problems.add(
                    Problem.recipe(
                                    config.mergeMethod().at(),
                                    "merge method '%s' needs statistics of every model"
                                            .formatted(method.get().name()))
                            .expected("'statistics' beside each 'model'")
                            .found("none for " + ShortList.quoted(lacking, SHOWN))
                            .hint("'mergekit stats' makes the files"));
        }
        statistics.checkModels(models.inOrder(), problems);
        return statistics;
    }

    // A file belongs to a model, wherever the recipe uses it.
    private static Map<ModelReference, Located<ModelReference>> named(
            MergeConfig config, Problems problems) {
        Map<ModelReference, Located<ModelReference>> named = new LinkedHashMap<>();
        collect(config.composition(), named, problems);
        return named;
    }

    private static void collect(
            Composition composition,
            Map<ModelReference, Located<ModelReference>> named,
            Problems problems) {
        switch (composition) {
            case Composition.WholeModels(List<InputModel> inputs) ->
                    inputs.forEach(i -> add(i.model(), i.statistics(), named, problems));
            case Composition.Slices(List<OutputSlice> slices) -> {
                for (OutputSlice slice : slices) {
                    for (SliceSource source : slice.sources()) {
                        add(source.model(), source.statistics(), named, problems);
                    }
                }
            }
            case Composition.Modules(List<ModuleConfig> modules) ->
                    modules.forEach(m -> collect(m.composition(), named, problems));
        }
    }

    private static void add(
            Located<ModelReference> model,
            Optional<Located<ModelReference>> file,
            Map<ModelReference, Located<ModelReference>> named,
            Problems problems) {
        if (file.isEmpty()) {
            return;
        }
        Located<ModelReference> before = named.putIfAbsent(model.value(), file.get());
        if (before != null && !before.value().equals(file.get().value())) {
            problems.add(
                    Problem.recipe(
                                    file.get().at(),
                                    "two statistics files for model '%s'".formatted(model.value()))
                            .expected("'" + before.value() + "', as before")
                            .found("'" + file.get().value() + "'"));
        }
    }

    private void open(
            ModelReference reference, SourceModel model, PlanOptions options, Problems problems) {
        // Nothing large is downloaded for a recipe that is already known to have a mistake.
        ModelLocator locator =
                problems.hasErrors() ? options.models().withoutWeights() : options.models();
        Optional<StatisticsFile> opened = options.opened().statistics(reference, locator, problems);
        if (opened.isEmpty()) {
            return;
        }
        StatisticsFile file = opened.get();
        Set<String> tensors = tensors(file);
        if (tensors.isEmpty()) {
            problems.add(
                    Problem.input(file.label(), "has no " + kind.orElseThrow().text())
                            .expected("'%s' among its kinds".formatted(kind.get().word()))
                            .found("'" + String.join(",", file.kinds()) + "'")
                            .hint(
                                    "make it again with 'mergekit stats --kinds "
                                            + kind.get().word()
                                            + "'"));
            return;
        }
        Set<String> own = names(model);
        List<String> foreign = tensors.stream().filter(t -> !own.contains(t)).sorted().toList();
        if (foreign.size() == tensors.size()) {
            problems.add(
                    Problem.input(
                                    file.label(),
                                    "belongs to another model: '%s' has none of its tensors"
                                            .formatted(model.label()))
                            .found(ShortList.quoted(foreign, SHOWN)));
            return;
        }
        if (!foreign.isEmpty()) {
            problems.add(
                    Problem.input(
                                    file.label(),
                                    "has statistics of %d tensors that '%s' lacks"
                                            .formatted(foreign.size(), model.label()))
                            .found(ShortList.quoted(foreign, SHOWN))
                            .asWarning());
        }
        files.put(model.index(), file);
    }

    private Set<String> tensors(StatisticsFile file) {
        return switch (kind.orElseThrow()) {
            case FISHER -> file.fisherTensors();
            case GRAM -> file.grams().keySet();
        };
    }

    private static Set<String> names(SourceModel model) {
        Set<String> names = new LinkedHashSet<>(model.tensors().keySet());
        model.tensors().keySet().forEach(n -> names.addAll(model.storedNames(n)));
        return names;
    }

    private void checkModels(List<SourceModel> models, Problems problems) {
        for (SourceModel model : models) {
            if (kind.filter(k -> k == StatisticsKind.GRAM).isPresent()
                    && LinearWeights.areTransposed(model.folder().config())) {
                problems.add(
                        Problem.input(
                                        model.label(),
                                        "its linear layers store transposed weights, which Gram"
                                                + " matrices are not used with")
                                .expected("weights [outputs, inputs]")
                                .found(
                                        "model_type '%s'"
                                                .formatted(
                                                        model.folder()
                                                                .config()
                                                                .modelType()
                                                                .orElse("")))
                                .hint("merge it with 'fisher' or 'linear'"));
            }
            StatisticsFile file = files.get(model.index());
            if (file != null) {
                warnIfOfAnother(model, file, models, problems);
            }
        }
    }

    // Fine-tunes have the same tensors, so that files can be mixed up.
    private static void warnIfOfAnother(
            SourceModel model, StatisticsFile file, List<SourceModel> models, Problems problems) {
        String made = Plan.label(file.metadata().getOrDefault("model", ""));
        boolean another =
                models.stream().anyMatch(m -> m != model && Plan.label(m.label()).equals(made));
        if (another && !Plan.label(model.label()).equals(made)) {
            problems.add(
                    Problem.input(
                                    file.label(),
                                    "its statistics were made from another model than '%s'"
                                            .formatted(model.label()))
                            .found("'" + file.metadata().get("model") + "'")
                            .hint("check which file belongs to which model")
                            .asWarning());
        }
    }

    /// The sources with the statistics of their models, if all of them have some; otherwise the same
    /// list.
    ///
    /// @param name of the output tensor
    List<TaskInput> with(String name, List<TaskInput> sources) {
        if (kind.isEmpty() || sources.size() < 2) {
            return sources;
        }
        List<TaskInput> found = new ArrayList<>();
        int some = 0;
        for (TaskInput source : sources) {
            Optional<Source> statistics = of(name, source);
            statistics.ifPresent(
                    s -> found.add(source.map(tensor -> new Source.WithStatistics(tensor, s))));
            some += statistics.isPresent() ? 1 : 0;
        }
        if (some == sources.size()) {
            with.add(name);
            return found;
        }
        (some > 0 ? partly : without).add(name);
        return sources;
    }

    private Optional<Source> of(String name, TaskInput input) {
        StatisticsFile file = files.get(input.model());
        if (file == null) {
            return Optional.empty();
        }
        String stored = input.spec().name();
        Optional<TensorLocation> location = find(file, stored);
        if (location.isEmpty() && !stored.equals(name) && isSame(stored, name)) {
            location = find(file, name);
        }
        if (location.isEmpty() || !isUsable(file, input, location.get())) {
            return Optional.empty();
        }
        Source statistics =
                SourceModel.stored(
                        location.get(), h -> inputFiles.computeIfAbsent(h, file::inputFile));
        if (kind.orElseThrow().fits(input.shape(), statistics.shape())) {
            return Optional.of(statistics);
        }
        boolean leading =
                input.source() instanceof Source.Leading && kind.get() == StatisticsKind.FISHER;
        return leading
                ? Optional.of(new Source.Leading(statistics, input.shape()))
                : Optional.empty();
    }

    // Converted names differ in a prefix only.
    private static boolean isSame(String stored, String name) {
        return stored.endsWith(name) || name.endsWith(stored);
    }

    private Optional<TensorLocation> find(StatisticsFile file, String tensor) {
        return switch (kind.orElseThrow()) {
            case FISHER -> file.fisher(tensor);
            case GRAM -> file.gram(tensor);
        };
    }

    // Compares them with the stored tensor, of which only some rows may be merged.
    private boolean isUsable(StatisticsFile file, TaskInput input, TensorLocation location) {
        var spec = location.entry().spec();
        if (spec.dtype() != DType.F32) {
            misfits.add(
                    file.label(),
                    "tensor '%s' is %s instead of F32".formatted(spec.name(), spec.dtype()));
            return false;
        }
        var tensor = input.spec().shape();
        if (!kind.orElseThrow().fits(tensor, spec.shape())) {
            misfits.add(
                    file.label(),
                    "tensor '%s' is %s, but '%s' is %s%s"
                            .formatted(
                                    spec.name(),
                                    spec.shape(),
                                    input.spec().name(),
                                    tensor,
                                    kind.get() == StatisticsKind.GRAM && tensor.rank() == 2
                                            ? ", with %d inputs".formatted(Matrix.columns(tensor))
                                            : ""));
            return false;
        }
        return true;
    }

    /// Reports what was found while sources were given statistics.
    void report(MergeConfig config, Problems problems) {
        misfits.report(problems, "the file belongs to another model, or is damaged");
        if (kind.isEmpty() || problems.hasErrors()) {
            return;
        }
        List<String> averaged = new ArrayList<>(partly);
        if (kind.get() == StatisticsKind.FISHER) {
            averaged.addAll(without);
        }
        if (!averaged.isEmpty()) {
            problems.add(
                    Problem.recipe(
                                    config.mergeMethod().at(),
                                    "%d of %d tensors are averaged: not every file has their %s"
                                            .formatted(
                                                    averaged.size(),
                                                    with.size() + partly.size() + without.size(),
                                                    kind.get().text()))
                            .found(ShortList.quoted(averaged, SHOWN))
                            .asWarning());
        }
    }

    /// What the files are, in words.
    List<String> notes() {
        List<String> notes = new ArrayList<>();
        files.values()
                .forEach(f ->
                        notes.add(
                                "%s: %s of %d tensors of %s, from %s texts with %s tokens"
                                        .formatted(
                                                f.label(),
                                                kind.orElseThrow().text(),
                                                tensors(f).size(),
                                                f.metadata().getOrDefault("model", "a model"),
                                                f.metadata().getOrDefault("texts", "some"),
                                                f.metadata().getOrDefault("tokens", "some"))));
        kind.ifPresent(k ->
                notes.add(
                        "%d tensors merged by their %s, %d averaged"
                                .formatted(with.size(), k.text(), without.size() + partly.size())));
        return notes;
    }

    /// The files, each once.
    List<StatisticsFile> files() {
        return files.values().stream().distinct().toList();
    }
}
