package jmergekit.output;

import java.util.List;
import java.util.Optional;
import jmergekit.config.MergeConfig;
import jmergekit.config.MixtureConfig;
import jmergekit.lora.AdapterInput;
import jmergekit.lora.AdapterMergePlanner;
import jmergekit.model.ModelReference;
import jmergekit.moe.MixturePlanner;
import jmergekit.planner.LoosePlanner;
import jmergekit.planner.PlanOptions;
import jmergekit.planner.PlannedMerge;
import jmergekit.planner.Planner;
import jmergekit.planner.References;
import jmergekit.planner.TensorChoice;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.transplant.TransplantOptions;
import jmergekit.transplant.TransplantPlanner;

/// Plans the outputs of recipes. Each method throws a [jmergekit.problem.MergeException] with
/// everything that is wrong with the recipe and its models.
///
/// @param copyTokenizer whether the tokenizer's files go into the output
/// @param problems receives warnings
public record OutputPlanner(PlanOptions options, boolean copyTokenizer, Problems problems) {
    /// A merged model, or an adapter if the recipe names only adapters.
    public PlannedOutput merge(MergeConfig config) {
        // The result of an inner recipe is not an adapter, and has no folder to inspect.
        Optional<List<AdapterInput>> adapters =
                References.all(config).stream().anyMatch(options.opened()::isNested)
                        ? Optional.empty()
                        : AdapterInput.of(config, options, problems);
        if (adapters.isPresent()) {
            return new MergedAdapter(
                    new AdapterMergePlanner(
                                    config,
                                    adapters.get(),
                                    options.methods(),
                                    options.seed(),
                                    problems)
                            .plan(),
                    options.sharding());
        }
        PlannedMerge merge = new Planner(config, options, problems).plan();
        warnOfIdleTemplate(merge);
        ModuleWeights.warn(merge, problems);
        return new MergedModel(merge, copyTokenizer);
    }

    private void warnOfIdleTemplate(PlannedMerge merge) {
        boolean alone = merge.tokenizer().filter(t -> t.merged().isEmpty()).isPresent();
        if (alone && !copyTokenizer) {
            problems.add(
                    Problem.recipe(
                                    merge.config().chatTemplate().orElseThrow().at(),
                                    "no chat template is written with --no-copy-tokenizer")
                            .asWarning());
        }
    }

    /// A merged model of loose tensors.
    ///
    /// @param choice the tensors that go into it
    public PlannedOutput loose(MergeConfig config, TensorChoice choice) {
        return new LooseModel(new LoosePlanner(config, options, choice, problems).plan());
    }

    /// A mixture of experts.
    ///
    /// @param allowSameModel whether all experts may be the same model
    public PlannedOutput mixture(MixtureConfig config, boolean allowSameModel) {
        return new MixtureModel(
                new MixturePlanner(config, options, allowSameModel, problems).plan(),
                copyTokenizer);
    }

    /// A model with the tokenizer of another model.
    ///
    /// @param command the command line, for the card
    public PlannedOutput transplant(
            TransplantOptions how, ModelReference model, ModelReference donor, String command) {
        return new TransplantedModel(
                new TransplantPlanner(how, options, problems).plan(model, donor),
                copyTokenizer,
                command);
    }
}
