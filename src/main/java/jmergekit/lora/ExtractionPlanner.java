package jmergekit.lora;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jmergekit.arch.LoaderNames;
import jmergekit.arch.Structure;
import jmergekit.model.ModelFolder;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// Decides what becomes of each module, from names and shapes alone. Whatever speaks against the
/// extraction is added to the problems.
public final class ExtractionPlanner {
    private final ModelFolder model;
    private final ModelFolder base;
    private final ExtractionOptions options;
    private final Problems problems;
    private final LoaderNames loaders;
    private final ModuleLayouts layouts;
    private final Mismatches mismatches;
    private final List<ModuleWork.Decomposed> decomposed = new ArrayList<>();
    private final List<ModuleWork.Whole> whole = new ArrayList<>();
    private final List<ModuleWork.Unheld> unheld = new ArrayList<>();
    private final List<TensorPair> integers = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();
    private boolean keepTables;

    public ExtractionPlanner(
            ModelFolder model, ModelFolder base, ExtractionOptions options, Problems problems) {
        this.model = model;
        this.base = base;
        this.options = options;
        this.problems = problems;
        this.loaders = LoaderNames.of(base.config());
        this.layouts = new ModuleLayouts(base.config(), loaders);
        this.mismatches = new Mismatches(model.reference().toString(), problems);
    }

    public ExtractionPlan plan() {
        checkArchitectures();
        refuseAdapter(model);
        refuseAdapter(base);
        QuantisedWeights.refuse(model, problems);
        QuantisedWeights.refuse(base, problems);
        PairedTensors tensors = PairedTensors.of(model, base, loaders);
        integers.addAll(tensors.integers());
        ModuleTree tree = ModuleTree.of(tensors, loaders);
        Map<String, List<TensorPair>> modules = tree.modules(options.modules());
        boolean biases = modules.values().stream().anyMatch(this::becomesFactorsWithBias);
        keepTables = biases && options.embedLora();
        modules.forEach((module, parts) -> add(module, parts, tree));
        options.modules().check(tree.names(), problems);
        mismatches.report(needed(tensors.missing()));
        mismatches.warnOfUnpaired(tensors.unpaired());
        if (decomposed.isEmpty() && whole.isEmpty() && !problems.hasErrors()) {
            problems.add(
                    Problem.usage("--include-regex, --exclude-regex", "they leave no module over"));
        }
        warnOfKeptTables();
        return new ExtractionPlan(
                model,
                base,
                options,
                tensors.tied(),
                tree.loaded(),
                decomposed,
                whole,
                unheld,
                leftOut);
    }

    private void checkArchitectures() {
        if (!options.allowCrimes() && !model.architecture().equals(base.architecture())) {
            problems.add(
                    Problem.input(
                                    model.reference().toString(),
                                    "not of the base model's architecture")
                            .expected(base.architecture())
                            .found(model.architecture())
                            .hint("--allow-crimes compares them all the same"));
        }
    }

    private void refuseAdapter(ModelFolder folder) {
        if (folder.adapter().isPresent()) {
            problems.add(
                    Problem.input(
                                    folder.reference().toString(),
                                    "models are compared as they are stored, without adapters")
                            .hint("merge the adapter into its model first, with 'passthrough'"));
        }
    }

    private boolean becomesFactorsWithBias(List<TensorPair> tensors) {
        Optional<TensorPair> weight = find(tensors, "weight");
        return tensors.size() == 2
                && find(tensors, "bias").isPresent()
                && weight.filter(w -> !layouts.isTable(w)).flatMap(layouts::of).isPresent()
                && !options.modules().excludes(names(tensors))
                && options.modules().includes(names(tensors))
                && names(tensors).stream().noneMatch(options.modules()::keepsWhole);
    }

    private void warnOfKeptTables() {
        if (keepTables) {
            problems.add(
                    Problem.usage(
                                    "--embed-lora",
                                    "embeddings are kept whole, because PEFT has no factors of"
                                            + " embeddings in an adapter that changes biases")
                            .asWarning());
        }
    }

    /// What a user may call the module of these tensors.
    private static Set<String> names(List<TensorPair> tensors) {
        return tensors.stream()
                .flatMap(t -> Stream.of(t.module(), t.storedModule()))
                .collect(Collectors.toSet());
    }

    private void add(String module, List<TensorPair> tensors, ModuleTree tree) {
        ModuleFilter filter = options.modules();
        Set<String> names = names(tensors);
        names.add(module);
        if (filter.excludes(names)) {
            leftOut.add(module);
            return;
        }
        Optional<TensorPair> weight = find(tensors, "weight");
        boolean table = weight.isPresent() && layouts.isTable(weight.get());
        boolean resized = table && weight.get().base().isPresent() && !weight.get().sameShape();
        boolean keepTable = table && (resized || !options.embedLora() || keepTables);
        boolean keepsWhole = names.stream().anyMatch(filter::keepsWhole) && !module.isEmpty();
        if (keepsWhole && !isFused(tensors)) {
            addWhole(module, tensors, resized, false);
        } else if (tree.hasParts(module)
                || LoaderNames.isParametrization(module)
                || isFused(tensors) && !loaders.hasFactorsOfFused()) {
            addUnheld(module, tensors, tree);
        } else if (keepTable) {
            addWhole(module, tensors, resized, false);
        } else if (!filter.includes(names)) {
            leftOut.add(module);
        } else {
            addIncluded(module, tensors, weight, tree);
        }
    }

    private boolean isFused(List<TensorPair> tensors) {
        return tensors.stream().anyMatch(t -> loaders.isFused(t.storedModule()));
    }

    private void addUnheld(String module, List<TensorPair> tensors, ModuleTree tree) {
        List<TensorPair> lost =
                tensors.stream()
                        .filter(t -> !tree.isHeldElsewhere(t) && mismatches.fits(t))
                        .toList();
        if (!lost.isEmpty()) {
            unheld.add(new ModuleWork.Unheld(module, lost));
        }
    }

    private void addIncluded(
            String module, List<TensorPair> tensors, Optional<TensorPair> weight, ModuleTree tree) {
        Optional<Layout> layout = weight.flatMap(layouts::of);
        Optional<TensorPair> bias = find(tensors, "bias");
        int known = 1 + (bias.isPresent() ? 1 : 0);
        if (layout.isPresent() && tensors.size() == known) {
            boolean fits = bias.map(mismatches::fits).orElse(true);
            if (mismatches.fits(weight.get()) && fits) {
                decomposed.add(
                        new ModuleWork.Decomposed(
                                module, layout.get(), weight.get(), bias, isFused(tensors)));
            }
        } else if (options.skipUndecomposable()) {
            leftOut.add(module);
        } else if (loaders.isShared(module)) {
            addUnheld(module, tensors, tree);
        } else {
            // A plain parameter is kept only if it has to be.
            boolean plain = weight.isEmpty();
            addWhole(module, tensors, false, plain);
        }
    }

    private void addWhole(
            String module, List<TensorPair> tensors, boolean resized, boolean ifChanged) {
        boolean usable = true;
        for (TensorPair tensor : tensors) {
            usable &= resized && tensor.base().isPresent() || mismatches.fits(tensor);
        }
        if (usable) {
            List<TensorPair> all = new ArrayList<>(tensors);
            // PEFT looks for all that a module it replaces has, counts of batches too.
            integers.stream()
                    .filter(t -> (t.module() + ".").startsWith(module + "."))
                    .forEach(all::add);
            whole.add(new ModuleWork.Whole(module, all, ifChanged || options.skipUnchanged()));
        }
    }

    private static Optional<TensorPair> find(List<TensorPair> tensors, String parameter) {
        return tensors.stream().filter(t -> t.parameter().equals(parameter)).findFirst();
    }

    private List<String> needed(List<String> missing) {
        return missing.stream()
                .filter(n -> n.endsWith(".bias") || !Structure.isOptional(n))
                .filter(n -> !options.modules().excludes(moduleNames(n)))
                .toList();
    }

    private List<String> moduleNames(String tensor) {
        return List.of(TensorPair.moduleOf(tensor), TensorPair.moduleOf(loaders.of(tensor)));
    }
}
