package jmergekit.lora;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import jmergekit.config.Composition;
import jmergekit.config.InputModel;
import jmergekit.config.Located;
import jmergekit.config.MergeConfig;
import jmergekit.method.MergeMethod;
import jmergekit.method.MergeMethods;
import jmergekit.plan.TensorTask;
import jmergekit.planner.OutputDType;
import jmergekit.planner.ParameterNames;
import jmergekit.planner.RecipeMethod;
import jmergekit.problem.Location;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import tools.jackson.databind.node.ObjectNode;

/// Plans a merge of adapters from a recipe and the headers of the adapters.
public final class AdapterMergePlanner {
    private final MergeConfig config;
    private final List<AdapterInput> inputs;
    private final MergeMethods methods;
    private final long seed;
    private final Problems problems;

    /// @param methods that the recipe may name
    /// @param seed of random methods
    public AdapterMergePlanner(
            MergeConfig config,
            List<AdapterInput> inputs,
            MergeMethods methods,
            long seed,
            Problems problems) {
        this.config = config;
        this.inputs = inputs;
        this.methods = methods;
        this.seed = seed;
        this.problems = problems;
    }

    /// The plan.
    ///
    /// @throws MergeException with everything that is wrong with the recipe and its adapters
    public PlannedAdapter plan() {
        OutputDType dtype = OutputDType.of(config, problems);
        Optional<MergeMethod> method = RecipeMethod.of(config, methods, problems);
        new ParameterNames(config, method.map(MergeMethod::info), methods, problems).check();
        refuseWhatNeedsModels();
        problems.throwIfErrors();
        AdapterModules modules = AdapterModules.of(inputs);
        ChangeFactors factors =
                new ChangeFactors(
                        config, method.orElseThrow(), inputsInOrder(), modules, seed, problems);
        List<TensorTask> tensors =
                new MergedTensors(inputs, modules, factors, config.adapter(), dtype, problems)
                        .plan();
        problems.throwIfErrors();
        if (tensors.isEmpty()) {
            throw new MergeException(
                    Problem.usage(config.source(), "no adapter would contribute anything")
                            .hint("set a 'weight' other than 0 for one of them"));
        }
        ObjectNode settings = new MergedSettings(inputs, tensors, problems).json();
        problems.throwIfErrors();
        return new PlannedAdapter(config, method.orElseThrow(), inputs, tensors, settings);
    }

    private List<InputModel> inputsInOrder() {
        return config.composition() instanceof Composition.WholeModels(List<InputModel> models)
                ? models
                : List.of();
    }

    private void refuseWhatNeedsModels() {
        config.baseModel().map(Located::at).ifPresent(at -> refuse(at, "'base_model'"));
        config.tokenizer().ifPresent(t -> refuse(t.at(), "'tokenizer'"));
        config.chatTemplate().ifPresent(t -> refuse(t.at(), "'chat_template'"));
        if (!(config.composition() instanceof Composition.WholeModels)) {
            refuse(config.mergeMethod().at(), "slices and modules");
        }
        Set<String> names = new TreeSet<>();
        for (InputModel input : inputsInOrder()) {
            if (!names.add(input.model().value().toString())) {
                problems.add(
                        Problem.recipe(
                                input.model().at(),
                                "adapter '%s' is listed twice".formatted(input.model().value())));
            }
        }
    }

    private void refuse(Location at, String what) {
        problems.add(
                Problem.recipe(
                                at,
                                what + " cannot be used when adapters are merged with each other")
                        .hint("to merge models with adapters, write 'model+adapter'"));
    }
}
