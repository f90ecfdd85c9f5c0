package jmergekit.lora;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import jmergekit.arch.Place;
import jmergekit.arch.Structure;
import jmergekit.config.InputModel;
import jmergekit.config.MergeConfig;
import jmergekit.config.ParameterSet;
import jmergekit.method.MergeInput;
import jmergekit.method.MergeMethod;
import jmergekit.method.MethodInfo.Base;
import jmergekit.method.MethodInfo.Mismatch;
import jmergekit.method.Parameters;
import jmergekit.method.PreparedMethod;
import jmergekit.model.ModelConfig;
import jmergekit.planner.FilterNames;
import jmergekit.planner.ParameterResolver;
import jmergekit.primitive.Primitives;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.tensor.Shape;
import tools.jackson.databind.node.JsonNodeFactory;

/// How the method merges the adapters' changes, by tensor.
final class ChangeFactors {
    private final MergeConfig config;
    private final MergeMethod method;
    private final List<InputModel> models;
    private final long seed;
    private final Structure structure;
    private final ParameterResolver resolver;
    private final Problems problems;
    private final Set<String> violations = new HashSet<>();

    /// @param seed of random methods
    ChangeFactors(
            MergeConfig config,
            MergeMethod method,
            List<InputModel> models,
            AdapterModules modules,
            long seed,
            Problems problems) {
        this.config = config;
        this.method = method;
        this.models = models;
        this.seed = seed;
        this.problems = problems;
        this.resolver = new ParameterResolver(config, method.info(), problems);
        config.defaultBase()
                .ifPresent(at ->
                        problems.add(
                                Problem.recipe(
                                                at,
                                                "'default' needs a base model, and this recipe merges"
                                                        + " only adapters")
                                        .hint("add an entry '- value: 0' without a filter")));
        List<String> names = new ArrayList<>(modules.wholeNames());
        modules.modules().forEach(m -> names.add(m + AdapterModules.WEIGHT));
        new FilterNames(config, names, problems).check();
        // There is no config.json; layers are found by the words before the numbers.
        this.structure =
                Structure.infer(new ModelConfig("", JsonNodeFactory.instance.objectNode()), names);
    }

    /// How the changes of a tensor are merged.
    ///
    /// @param input for the method: the adapters in order, then a base of zeros if the method works
    ///     on task vectors
    /// @param factors on the changes, if the result is their sum
    record Change(MergeMethod method, MergeInput input, Optional<double[]> factors) {
        /// The most bytes that the method needs for a matrix of this shape.
        long memory(Shape shape) {
            return method.memory(
                    new MergeInput(
                            input.tensor(),
                            shape,
                            input.models(),
                            input.base(),
                            input.seed(),
                            input.parameters()));
        }
    }

    /// The merge of a tensor of the model; empty after an error, which is reported.
    ///
    /// @param shape of the tensor
    Optional<Change> of(String name, Shape shape) {
        List<ParameterResolver.Source> sources = new ArrayList<>();
        for (InputModel model : models) {
            sources.add(
                    new ParameterResolver.Source(
                            model.model().value().toString(), model.parameters(), name));
        }
        int base = Primitives.NO_BASE;
        if (mergesTaskVectors()) {
            base = sources.size();
            sources.add(new ParameterResolver.Source("", ParameterSet.EMPTY, name));
        }
        Optional<ParameterResolver.Resolved> resolved =
                resolver.resolve(
                        name,
                        sources,
                        base,
                        ParameterSet.EMPTY,
                        ParameterSet.EMPTY,
                        position(name));
        int zeros = base;
        return resolved.flatMap(r -> of(name, shape, zeros, r.parameters()));
    }

    private boolean mergesTaskVectors() {
        return method.info().base() == Base.REQUIRED
                && method.info().mismatch() == Mismatch.BASE_ROWS;
    }

    private double position(String name) {
        return structure.place(name) instanceof Place.InLayer(var stack, int layer, _)
                ? stack.layers() == 1 ? 1 : (double) layer / (stack.layers() - 1)
                : 0;
    }

    private Optional<Change> of(String name, Shape shape, int base, Parameters parameters) {
        List<Integer> all = IntStream.range(0, parameters.perSource().size()).boxed().toList();
        MergeInput input = new MergeInput(name, shape, all, base, seed, parameters);
        Optional<String> violation = method.violation(input);
        Optional<double[]> factors =
                violation.isPresent() ? Optional.empty() : method.changeFactors(input);
        boolean merges =
                factors.isPresent() || mergesTaskVectors() && !(method instanceof PreparedMethod);
        if (violation.isEmpty() && merges) {
            return Optional.of(new Change(method, input, factors));
        }
        String what =
                violation.orElse(
                        "merge method '%s' with these parameters does not give a sum of the"
                                        .formatted(method.info().name())
                                + " adapters' changes, nor does it merge task vectors");
        if (violations.add(what)) {
            problems.add(
                    Problem.recipe(config.mergeMethod().at(), what)
                            .hint(
                                    "use linear, task_arithmetic or another method of task vectors,"
                                            + " or merge models with adapters, 'model+adapter'"));
        }
        return Optional.empty();
    }
}
