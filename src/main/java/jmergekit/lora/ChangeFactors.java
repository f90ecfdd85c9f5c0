package jmergekit.lora;

import jmergekit.arch.Place;
import jmergekit.arch.Structure;
import jmergekit.config.InputModel;
import jmergekit.config.MergeConfig;
import jmergekit.config.ParameterSet;
import jmergekit.method.MergeInput;
import jmergekit.method.MergeMethod;
import jmergekit.method.Parameters;
import jmergekit.model.ModelConfig;
import jmergekit.planner.FilterNames;
import jmergekit.planner.ParameterResolver;
import jmergekit.primitive.Primitives;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.tensor.Shape;

import tools.jackson.databind.node.JsonNodeFactory;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// The factor on each adapter's change in the merged adapter, by tensor.
final class ChangeFactors {
    private final MergeConfig config;
    private final MergeMethod method;
    private final List<InputModel> models;
    private final Structure structure;
    private final ParameterResolver resolver;
    private final Problems problems;
    private final Set<String> violations = new HashSet<>();

    ChangeFactors(
            MergeConfig config,
            MergeMethod method,
            List<InputModel> models,
            AdapterModules modules,
            Problems problems) {
        this.config = config;
        this.method = method;
        this.models = models;
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

    /// The factors for a tensor of the model, one for each adapter; empty after an error, which is
    /// reported.
    Optional<double[]> of(String name, Shape shape) {
        List<ParameterResolver.Source> sources =
                models.stream()
                        .map(m ->
                                new ParameterResolver.Source(
                                        m.model().value().toString(), m.parameters(), name))
                        .toList();
        Optional<ParameterResolver.Resolved> resolved =
                resolver.resolve(
                        name,
                        sources,
                        Primitives.NO_BASE,
                        ParameterSet.EMPTY,
                        ParameterSet.EMPTY,
                        position(name));
        return resolved.flatMap(r -> of(name, shape, r.parameters()));
    }

    private double position(String name) {
        return structure.place(name) instanceof Place.InLayer(var stack, int layer, _)
                ? stack.layers() == 1 ? 1 : (double) layer / (stack.layers() - 1)
                : 0;
    }

    private Optional<double[]> of(String name, Shape shape, Parameters parameters) {
        List<Integer> all = IntStream.range(0, models.size()).boxed().toList();
        MergeInput input = new MergeInput(name, shape, all, Primitives.NO_BASE, 0, parameters);
        Optional<String> violation = method.violation(input);
        Optional<double[]> factors =
                violation.isPresent() ? Optional.empty() : method.changeFactors(input);
        if (factors.isEmpty()) {
            String what =
                    violation.orElse(
                            "merge method '%s' with these parameters does not give a sum of the"
                                            .formatted(method.info().name())
                                    + " adapters' changes, and factors can only represent sums");
            if (violations.add(what)) {
                problems.add(
                        Problem.recipe(config.mergeMethod().at(), what)
                                .hint(
                                        "use linear or task_arithmetic, or merge models with"
                                                + " adapters, 'model+adapter'"));
            }
        }
        return factors;
    }
}
