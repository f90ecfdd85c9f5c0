package jmergekit.moe;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import jmergekit.config.MixtureConfig;
import jmergekit.model.ConfigEntries;
import jmergekit.plan.TensorTask;
import jmergekit.planner.LostTensors;
import jmergekit.planner.OutputDType;
import jmergekit.planner.PlanOptions;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problems;
import jmergekit.tensor.DType;
import tools.jackson.databind.node.ObjectNode;

/// Plans a mixture from a recipe and the headers of its models.
public final class MixturePlanner {
    private final MixtureConfig config;
    private final PlanOptions options;
    private final boolean allowSameModel;
    private final Problems problems;

    /// @param allowSameModel whether all experts may be the same model
    public MixturePlanner(
            MixtureConfig config, PlanOptions options, boolean allowSameModel, Problems problems) {
        this.config = config;
        this.options = options;
        this.allowSameModel = allowSameModel;
        this.problems = problems;
    }

    /// The plan.
    ///
    /// @throws MergeException with everything that is wrong with the recipe and its models, not only
    ///     the first
    public PlannedMixture plan() {
        new RecipeRules(config, problems).check(allowSameModel);
        Optional<DType> asked = OutputDType.parse("dtype", config.dtype(), problems);
        Optional<MixtureModels> models = MixtureModels.open(config, options, problems);
        Optional<MixtureFamily> family = models.flatMap(m -> Families.choose(config, m, problems));
        if (family.isEmpty()) {
            throw new MergeException(problems.all());
        }
        return plan(models.get(), family.get(), asked);
    }

    private PlannedMixture plan(MixtureModels models, MixtureFamily family, Optional<DType> asked) {
        ExpertMlps mlps = new ExpertMlps(models);
        MixtureSize size =
                new MixtureSize(
                        config.experts().size(),
                        config.expertsPerToken().value(),
                        config.sharedExperts().size(),
                        mlps.check(config.experts()),
                        mlps.check(config.sharedExperts()));
        mlps.report(problems);
        Optional<GateRows> gateRows =
                new GatePlanner(config, models, options.seed(), problems).rows();
        problems.throwIfErrors();
        DType dtype = asked.orElseGet(() -> baseDType(models));
        MixtureTensors tensors =
                new MixtureTensors(
                        config,
                        models,
                        family,
                        dtype,
                        options.seed(),
                        GateText.of(config, options.seed()));
        List<TensorTask> tasks = tensors.tasks();
        LostTensors.report(
                models.base(),
                lost(models, tasks),
                "the mixture would lack tensors of its base model",
                problems);
        problems.throwIfErrors();
        return new PlannedMixture(
                config,
                family.name(),
                dtype,
                models.folders(),
                options.opened().nestedAmong(models.folders()),
                tasks,
                options.sharding().layout(tasks.stream().map(TensorTask::output).toList()),
                tensors.gates(),
                gateRows.orElseThrow(),
                configJson(models, family, size, dtype),
                options.seed());
    }

    // The mixture must contain everything except the MLPs, which the experts replace.
    private static List<String> lost(MixtureModels models, List<TensorTask> tasks) {
        Set<String> used = new HashSet<>();
        for (TensorTask task : tasks) {
            task.inputs().stream()
                    .filter(i -> i.model() == models.base().index())
                    .flatMap(i -> i.source().stored())
                    .forEach(s -> used.add(s.spec().name()));
        }
        List<String> lost = new ArrayList<>();
        models.base()
                .tensors()
                .forEach((name, location) -> {
                    String stored = location.entry().spec().name();
                    if (!used.contains(stored) && !models.isMlp(name)) {
                        lost.add(stored);
                    }
                });
        return lost;
    }

    private static DType baseDType(MixtureModels models) {
        return models.base()
                .folder()
                .config()
                .dtypes()
                .filter(DType::isFloat)
                .findFirst()
                .orElseGet(() -> models.embeddings().dtype());
    }

    private static ObjectNode configJson(
            MixtureModels models, MixtureFamily family, MixtureSize size, DType dtype) {
        ObjectNode json = models.base().folder().config().json().deepCopy();
        family.configure(json, size);
        ConfigEntries.setDType(json, dtype);
        // Without its own head the output is tied, regardless of the loader's default.
        if (!models.hasHead()) {
            ConfigEntries.setTied(json, true);
        }
        return json;
    }
}
