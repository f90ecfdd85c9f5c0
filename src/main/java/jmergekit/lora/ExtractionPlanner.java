package jmergekit.lora;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import jmergekit.arch.Structure;
import jmergekit.model.ModelFolder;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.tensor.Shape;

/// Decides what becomes of each module, from names and shapes alone. Whatever speaks against the
/// extraction is added to the problems.
public final class ExtractionPlanner {
    private static final int SHOWN = 4;

    private final ModelFolder model;
    private final ModelFolder base;
    private final ExtractionOptions options;
    private final Problems problems;
    private final ModuleLayouts layouts;
    private final List<ModuleWork.Decomposed> decomposed = new ArrayList<>();
    private final List<ModuleWork.Whole> whole = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();
    private final List<String> added = new ArrayList<>();
    private final List<String> reshaped = new ArrayList<>();

    public ExtractionPlanner(
            ModelFolder model, ModelFolder base, ExtractionOptions options, Problems problems) {
        this.model = model;
        this.base = base;
        this.options = options;
        this.problems = problems;
        this.layouts = new ModuleLayouts(base.config());
    }

    public ExtractionPlan plan() {
        checkArchitectures();
        refuseAdapter(model);
        refuseAdapter(base);
        QuantisedWeights.refuse(model, problems);
        QuantisedWeights.refuse(base, problems);
        PairedTensors tensors = PairedTensors.of(model, base);
        Map<String, List<TensorPair>> modules = modules(tensors);
        modules.forEach(this::add);
        options.modules().check(modules.keySet(), problems);
        reportMissing(tensors.missing());
        report(added, "only the fine-tune has", "an adapter cannot add modules to the base model");
        report(
                reshaped,
                "the two models have different shapes of",
                "is this the right base model?");
        if (decomposed.isEmpty() && whole.isEmpty() && !problems.hasErrors()) {
            problems.add(
                    Problem.usage("--include-regex, --exclude-regex", "they leave no module over"));
        }
        return new ExtractionPlan(model, base, options, tensors.tied(), decomposed, whole, leftOut);
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

    private static Map<String, List<TensorPair>> modules(PairedTensors tensors) {
        return tensors.pairs().stream()
                .collect(
                        Collectors.groupingBy(
                                TensorPair::module, LinkedHashMap::new, Collectors.toList()));
    }

    private void add(String module, List<TensorPair> tensors) {
        ModuleFilter filter = options.modules();
        if (filter.excludes(module)) {
            leftOut.add(module);
            return;
        }
        Optional<TensorPair> weight = find(tensors, "weight");
        boolean table = weight.isPresent() && ModuleLayouts.isTable(weight.get());
        boolean resized = table && weight.get().base().isPresent() && !weight.get().sameShape();
        boolean keepTable = table && (resized || !options.embedLora());
        if (filter.keepsWhole(module) || keepTable) {
            addWhole(module, tensors, resized, false);
        } else if (!filter.includes(module)) {
            leftOut.add(module);
        } else {
            addIncluded(module, tensors, weight);
        }
    }

    private void addIncluded(String module, List<TensorPair> tensors, Optional<TensorPair> weight) {
        Optional<Layout> layout = weight.flatMap(layouts::of);
        Optional<TensorPair> bias = find(tensors, "bias");
        int known = 1 + (bias.isPresent() ? 1 : 0);
        if (layout.isPresent() && tensors.size() == known) {
            if (isUsable(weight.get())) {
                decomposed.add(new ModuleWork.Decomposed(module, layout.get(), weight.get(), bias));
            }
        } else if (options.skipUndecomposable()) {
            leftOut.add(module);
        } else {
            // A plain parameter belongs to a module that holds others: it is kept only if it has to
            // be.
            boolean plain = weight.isEmpty();
            addWhole(module, tensors, false, plain);
        }
    }

    private void addWhole(
            String module, List<TensorPair> tensors, boolean resized, boolean ifChanged) {
        boolean usable = true;
        for (TensorPair tensor : tensors) {
            usable &= resized && tensor.base().isPresent() || isUsable(tensor);
        }
        if (usable) {
            whole.add(new ModuleWork.Whole(module, tensors, ifChanged || options.skipUnchanged()));
        }
    }

    private boolean isUsable(TensorPair tensor) {
        // A new bias is a difference from none.
        boolean isNew = tensor.base().isEmpty() && !tensor.parameter().equals("bias");
        if (isNew) {
            added.add(tensor.name());
        } else if (tensor.base().isPresent() && !tensor.sameShape()) {
            Shape inBase = tensor.base().get().entry().spec().shape();
            reshaped.add("%s (%s, %s)".formatted(tensor.name(), tensor.spec().shape(), inBase));
        }
        return !isNew && (tensor.base().isEmpty() || tensor.sameShape());
    }

    private static Optional<TensorPair> find(List<TensorPair> tensors, String parameter) {
        return tensors.stream().filter(t -> t.parameter().equals(parameter)).findFirst();
    }

    private void reportMissing(List<String> names) {
        List<String> needed =
                names.stream()
                        .filter(n -> n.endsWith(".bias") || !Structure.isOptional(n))
                        .filter(n -> !options.modules().excludes(moduleOf(n)))
                        .toList();
        report(needed, "lacks what the base model has:", "is the fine-tune complete?");
    }

    private static String moduleOf(String tensor) {
        return tensor.substring(0, Math.max(0, tensor.lastIndexOf('.')));
    }

    private void report(List<String> names, String what, String hint) {
        if (names.isEmpty()) {
            return;
        }
        String shown =
                names.stream()
                        .limit(SHOWN)
                        .map(n -> "'" + n + "'")
                        .collect(Collectors.joining(", "));
        String rest = names.size() > SHOWN ? " and %d more".formatted(names.size() - SHOWN) : "";
        problems.add(
                Problem.input(model.reference().toString(), "%s %s%s".formatted(what, shown, rest))
                        .hint(hint + "; --exclude-regex leaves modules out"));
    }
}
