package jmergekit.planner;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import jmergekit.config.MergeConfig;
import jmergekit.config.ParameterSet;
import jmergekit.method.MergeInput;
import jmergekit.method.MergeMethod;
import jmergekit.plan.TaskInput;
import jmergekit.plan.TensorTask;
import jmergekit.primitive.Primitives;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;

/// Plans the tensors of a model without layers one by one. Their names have no meaning here.
final class LooseTensors {
    private final MergeConfig config;
    private final MergeMethod method;
    private final List<LooseInput> inputs;
    private final int base;
    private final MergeTasks make;
    private final Problems problems;
    private final ParameterResolver resolver;
    private final Findings shapes = new Findings();
    private final Findings quantised = new Findings();
    private final Findings baseLacks = new Findings();
    private final Set<String> violations = new LinkedHashSet<>();
    private final List<TensorTask> tasks = new ArrayList<>();
    private final LooseIntegers integers = new LooseIntegers();

    /// @param base the index of the base model's input, or [Primitives#NO_BASE]
    LooseTensors(
            MergeConfig config,
            MergeMethod method,
            List<LooseInput> inputs,
            int base,
            MergeTasks make,
            Problems problems) {
        this.config = config;
        this.method = method;
        this.inputs = inputs;
        this.base = base;
        this.make = make;
        this.problems = problems;
        this.resolver = new ParameterResolver(config, method.info(), problems);
    }

    /// A tensor's sources, in the order of the inputs.
    private record Found(
            String name,
            List<TaskInput> sources,
            List<ParameterResolver.Source> named,
            List<String> labels,
            int base) {
        boolean isLone() {
            return sources.size() == 1;
        }
    }

    List<TensorTask> plan(List<String> names) {
        for (String name : names) {
            add(find(name));
        }
        shapes.report(problems, "only tensors of the same shape can be merged");
        baseLacks.report(
                problems,
                "leave them out with --tensor-intersection, or add them to the base model");
        quantised.report(problems, LooseIntegers.CONVERT);
        integers.report(problems);
        return List.copyOf(tasks);
    }

    private Found find(String name) {
        List<TaskInput> sources = new ArrayList<>();
        List<ParameterResolver.Source> named = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        int baseSource = Primitives.NO_BASE;
        for (int i = 0; i < inputs.size(); i++) {
            LooseInput input = inputs.get(i);
            Optional<TaskInput> source = input.source(name);
            if (source.isPresent()) {
                baseSource = i == base ? sources.size() : baseSource;
                sources.add(source.get());
                labels.add(input.label());
                named.add(new ParameterResolver.Source(input.label(), input.parameters(), name));
            }
        }
        return new Found(name, sources, named, labels, baseSource);
    }

    private void add(Found found) {
        if (!agree(found)) {
            return;
        }
        if (found.sources().stream().anyMatch(LooseIntegers::isCopied)) {
            tasks.add(integers.copy(found.name(), found.sources(), found.labels()));
            return;
        }
        if (found.isLone() && isKept(found)) {
            keep(found, 0);
            return;
        }
        if (base >= 0 && found.base() < 0) {
            baseLacks.add(
                    inputs.get(base).label(),
                    "the base model lacks tensor '%s', which '%s' have"
                            .formatted(found.name(), String.join("' and '", found.labels())));
            return;
        }
        merge(found);
    }

    private void keep(Found found, int index) {
        TaskInput source = found.sources().get(index);
        DType type = make.dtype().of(List.of(source), Primitives.NO_BASE, method.info());
        tasks.add(
                MergeTasks.copy(
                        found.name(), source, isScaled(found, index) ? source.dtype() : type));
    }

    private void keepBase(Found found, int baseSource) {
        if (baseSource >= 0) {
            keep(found, baseSource);
        } else {
            baseLacks.add(
                    config.baseModel().map(b -> b.value().toString()).orElse(config.source()),
                    "the base model lacks tensor '%s', which no filter matches"
                            .formatted(found.name()));
        }
    }

    private boolean agree(Found found) {
        int first = Math.max(found.base(), 0);
        Shape shape = found.sources().get(first).shape();
        boolean agree = true;
        for (int i = 0; i < found.sources().size(); i++) {
            Shape own = found.sources().get(i).shape();
            if (!own.equals(shape)) {
                agree = false;
                shapes.add(
                        found.labels().get(i),
                        "tensor '%s' is %s, but '%s' has %s"
                                .formatted(found.name(), own, found.labels().get(first), shape));
            }
        }
        return agree;
    }

    // If only one model has a tensor, the recipe can only mean a copy of it, except for methods
    // that work on a single model.
    private boolean isKept(Found found) {
        return base >= 0 && found.base() < 0 || method.info().keepsLone(found.base() == 0);
    }

    private void merge(Found whole) {
        Optional<ParameterResolver.Resolved> resolved =
                resolver.resolve(
                        whole.name(),
                        whole.named(),
                        whole.base(),
                        ParameterSet.EMPTY,
                        ParameterSet.EMPTY,
                        0);
        if (resolved.isEmpty()) {
            return;
        }
        int baseSource =
                config.baseModel()
                        .map(b -> whole.labels().indexOf(b.value().toString()))
                        .orElse(-1);
        MatchedSources matched =
                MatchedSources.of(
                        whole.sources(), whole.labels(), whole.base(), baseSource, resolved.get());
        if (!matched.isMerged()) {
            keepBase(whole, baseSource);
            return;
        }
        Found found =
                new Found(
                        whole.name(),
                        matched.sources(),
                        whole.named(),
                        matched.names(),
                        matched.base());
        Shape shape = found.sources().getFirst().shape();
        MergeInput input =
                make.input(
                        found.name(), found.sources(), found.base(), matched.parameters(), shape);
        Optional<String> violation = method.violation(input);
        if (violation.isPresent()) {
            if (violations.add(violation.get())) {
                problems.add(
                        Problem.recipe(
                                config.mergeMethod().at(),
                                "%s (tensor '%s')".formatted(violation.get(), found.name())));
            }
            return;
        }
        if (method.copies(input) && isScaled(found, 0)) {
            tasks.add(
                    MergeTasks.copy(
                            found.name(),
                            found.sources().getFirst(),
                            found.sources().getFirst().dtype()));
            return;
        }
        for (int i = 0; i < found.sources().size(); i++) {
            if (isScaled(found, i)) {
                quantised.add(
                        found.labels().get(i),
                        "tensor '%s' is quantised with its own scale and can only be copied"
                                .formatted(found.name()));
            }
        }
        tasks.add(make.merge(input, found.sources()));
    }

    // Whether a source is FP8 with a scale, or a scale itself.
    private boolean isScaled(Found found, int source) {
        int model = found.sources().get(source).model();
        LooseInput input =
                inputs.stream().filter(i -> i.model() == model).findFirst().orElseThrow();
        DType type = found.sources().get(source).dtype();
        return QuantisedNames.scales(input.weights().checkpoint(), found.name())
                || QuantisedNames.isFloat8(type)
                        && QuantisedNames.scaleOf(input.weights().checkpoint(), found.name())
                                .isPresent();
    }
}
