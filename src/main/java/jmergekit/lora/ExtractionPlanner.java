package jmergekit.lora;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jmergekit.arch.LoaderNames;
import jmergekit.arch.Structure;
import jmergekit.lora.ModuleWork.Together;
import jmergekit.model.ModelFolder;
import jmergekit.planner.ComparedTensors;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// Decides how each module is handled, from names and shapes only. Anything that prevents the
/// extraction is added to the problems.
public final class ExtractionPlanner {
    /// No mixture has this many experts; each is planned separately.
    private static final int MOST_EXPERTS = 1 << 16;

    private final ModelFolder model;
    private final ModelFolder base;
    private final ExtractionOptions options;
    private final Problems problems;
    private final LoaderNames loaders;
    private final ModuleLayouts layouts;
    private final Mismatches mismatches;
    private final List<ModuleWork.Decomposed> decomposed = new ArrayList<>();
    private final List<ModuleWork.Whole> whole = new ArrayList<>();
    private final List<ExpertParameter> parameters = new ArrayList<>();
    private final List<ModuleWork.Biases> biases = new ArrayList<>();
    private final List<ModuleWork.Unheld> unheld = new ArrayList<>();
    private final List<TensorPair> integers = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();
    private Set<String> experts = Set.of();
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
        List<ComparedTensors> compared = ComparedTensors.of(List.of(base, model), form(), problems);
        QuantisedWeights.refuse(base, compared.getFirst(), problems);
        QuantisedWeights.refuse(model, compared.getLast(), problems);
        PairedTensors tensors = PairedTensors.of(model, base, loaders, compared);
        experts = compared.getFirst().experts();
        integers.addAll(tensors.integers());
        ModuleTree tree = ModuleTree.of(tensors, loaders);
        Map<String, List<TensorPair>> modules = tree.modules(options.modules());
        boolean noParameters = modules.values().stream().allMatch(m -> expertMatrices(m).isEmpty());
        boolean differences =
                noParameters && modules.values().stream().anyMatch(this::becomesFactorsWithBias);
        keepTables = differences && options.embedLora();
        modules.forEach((module, parts) -> add(module, parts, tree));
        tensors.auxiliary().forEach(this::addAuxiliary);
        options.modules().check(tree.names(), problems);
        mismatches.report(needed(tensors.missing()));
        mismatches.warnOfUnpaired(tensors.unpaired());
        if (decomposed.isEmpty() && whole.isEmpty() && !problems.hasErrors()) {
            problems.add(Problem.usage("--include-regex, --exclude-regex", "no modules are left"));
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
                parameters,
                biases,
                unheld,
                leftOut);
    }

    private void checkArchitectures() {
        if (!options.allowCrimes() && !model.architecture().equals(base.architecture())) {
            problems.add(
                    Problem.input(
                                    model.reference().toString(),
                                    "does not have the base model's architecture")
                            .expected(base.architecture())
                            .found(model.architecture())
                            .hint("use --allow-crimes to compare them anyway"));
        }
    }

    private void refuseAdapter(ModelFolder folder) {
        if (folder.adapter().isPresent()) {
            problems.add(
                    Problem.input(
                                    folder.reference().toString(),
                                    "models are compared as stored, without adapters")
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
                                    "embeddings are kept whole, because PEFT does not support factors for"
                                            + " embeddings in an adapter that changes biases")
                            .asWarning());
        }
    }

    /// Names by which a user may refer to the module of these tensors.
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
        List<TensorPair> matrices = expertMatrices(tensors);
        boolean bound = isFused(tensors) && matrices.isEmpty();
        if (keepsWhole && !bound) {
            addWhole(module, tensors, resized, false);
        } else if (tree.hasParts(module)
                || LoaderNames.isParametrization(module)
                || bound && !loaders.hasFactorsOfFused()) {
            addUnheld(module, tensors, tree);
        } else if (keepTable) {
            addWhole(module, tensors, resized, false);
        } else if (!filter.includes(names)) {
            leftOut.add(module);
        } else if (!matrices.isEmpty()) {
            addExperts(module, tensors, matrices, tree);
        } else {
            addIncluded(module, tensors, weight, tree);
        }
    }

    // In the form that adapter loaders need.
    private ComparedTensors.Form form() {
        if (loaders.hasParameters()) {
            return new ComparedTensors.Form.Fused(loaders.hasTransposedParameters());
        }
        return loaders.hasFactorsOfFused()
                ? new ComparedTensors.Form.Split()
                : new ComparedTensors.Form.AsFirst();
    }

    /// The tensors that are parameters with one matrix per expert.
    private List<TensorPair> expertMatrices(List<TensorPair> tensors) {
        return tensors.stream()
                .filter(t -> experts.contains(t.stored()) && loaders.isParameter(t.name()))
                .filter(t -> t.spec().shape().rank() == 3)
                .filter(t -> t.spec().shape().size(0) <= MOST_EXPERTS)
                .sorted(Comparator.comparing(TensorPair::parameter).reversed())
                .toList();
    }

    // The first parameter of such a module is 'gate_up_proj', the second 'down_proj'.
    private void addExperts(
            String module, List<TensorPair> tensors, List<TensorPair> matrices, ModuleTree tree) {
        Layout layout = loaders.hasTransposedFactors() ? Layout.TRANSPOSED : Layout.LINEAR;
        for (TensorPair matrix : matrices) {
            if (mismatches.fits(matrix)) {
                ExpertParameter parameter = ExpertParameter.of(matrix, layout);
                parameters.add(parameter);
                decomposed.addAll(parameter.experts());
            }
        }
        List<TensorPair> others = tensors.stream().filter(t -> !matrices.contains(t)).toList();
        List<TensorPair> offsets =
                others.stream()
                        .filter(t -> t.parameter().endsWith("_bias") && mismatches.fits(t))
                        .toList();
        if (!offsets.isEmpty()) {
            biases.add(new ModuleWork.Biases(module, offsets));
        }
        addUnheld(
                module,
                others.stream().filter(t -> !t.parameter().endsWith("_bias")).toList(),
                tree);
    }

    // Loaders have no modules for these.
    private void addAuxiliary(TensorPair tensor) {
        Set<String> names = names(List.of(tensor));
        if (options.modules().excludes(names) || !options.modules().includes(names)) {
            leftOut.add(tensor.module());
        } else if (mismatches.fits(tensor)) {
            unheld.add(new ModuleWork.Unheld(tensor.module(), List.of(tensor), true));
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
            unheld.add(new ModuleWork.Unheld(module, lost, false));
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
                                module,
                                layout.get(),
                                weight.get(),
                                bias,
                                isFused(tensors) ? Together.MODULES : Together.NONE));
            }
        } else if (options.skipUndecomposable()) {
            leftOut.add(module);
        } else if (loaders.isShared(module)) {
            addUnheld(module, tensors, tree);
        } else {
            // A plain parameter is kept only if necessary.
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
            // PEFT expects everything that a replaced module has, batch counts included.
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
