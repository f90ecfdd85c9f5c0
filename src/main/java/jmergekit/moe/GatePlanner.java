package jmergekit.moe;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import jmergekit.arch.LayerStack;
import jmergekit.config.GateMode;
import jmergekit.config.MixtureConfig;
import jmergekit.decoder.DecoderSettings;
import jmergekit.decoder.DecoderTensors;
import jmergekit.linalg.DecoderShape;
import jmergekit.linalg.Pooling;
import jmergekit.plan.TaskInput;
import jmergekit.planner.Findings;
import jmergekit.planner.SourceModel;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.tensor.Shape;

/// Decides how the rows of the gates are computed, and checks from headers that this is possible.
final class GatePlanner {
    private static final String NEEDS_NO_RUN =
            "the model cannot be run; gate_mode 'cheap_embed' does not need to run it";

    private final MixtureConfig config;
    private final MixtureModels models;
    private final long seed;
    private final Problems problems;

    GatePlanner(MixtureConfig config, MixtureModels models, long seed, Problems problems) {
        this.config = config;
        this.models = models;
        this.seed = seed;
        this.problems = problems;
    }

    /// Empty if the rows cannot be computed, with the reasons in `problems`.
    Optional<GateRows> rows() {
        GateMode mode = config.gateMode();
        if (!mode.prompts()) {
            boolean uniform = mode == GateMode.UNIFORM_RANDOM;
            return Optional.of(new RandomRows(models.hidden(), uniform, seed));
        }
        Optional<List<ExpertPrompts>> prompts = PromptTokens.read(config, models, problems);
        try {
            return mode.forwardPass()
                    ? prompts.flatMap(this::hidden)
                    : prompts.map(p -> new EmbeddingRows(models.embeddings(), p));
        } catch (MergeException e) {
            problems.add(e);
            return Optional.empty();
        }
    }

    private Optional<GateRows> hidden(List<ExpertPrompts> prompts) {
        LayerStack stack = models.stack();
        DecoderSettings settings =
                DecoderSettings.of(models.base().folder().config(), NEEDS_NO_RUN);
        DecoderShape shape = settings.shape(stack.layers(), Math.toIntExact(models.hidden()));
        checkLengths(prompts, settings.longestText());
        SourceModel base = models.base();
        long width =
                base.find(stack.name(0, MlpPart.GATE.rest()))
                        .map(l -> DecoderTensors.width(l.entry().spec().shape()))
                        .orElse(0L);
        DecoderTensors needed = new DecoderTensors(shape, width);
        Findings missing = new Findings();
        List<Map<String, TaskInput>> layers = new ArrayList<>();
        for (int layer = 0; layer < stack.layers(); layer++) {
            Map<String, TaskInput> tensors = new HashMap<>();
            for (String rest : base.restsOf(stack, layer)) {
                base.source(stack.name(layer, rest)).ifPresent(s -> tensors.put(rest, s));
            }
            needed.check(
                    stack.name(layer, ""),
                    shapes(tensors),
                    what -> missing.add(base.label(), what));
            layers.add(tensors);
        }
        missing.report(problems, "the base model cannot be run on the prompts");
        Pooling pooling = config.gateMode() == GateMode.HIDDEN_AVG ? Pooling.MEAN : Pooling.LAST;
        return Optional.of(new HiddenRows(shape, models.embeddings(), layers, pooling, prompts));
    }

    private static Map<String, Shape> shapes(Map<String, TaskInput> tensors) {
        Map<String, Shape> shapes = new HashMap<>();
        tensors.forEach((name, tensor) -> shapes.put(name, tensor.source().spec().shape()));
        return shapes;
    }

    private void checkLengths(List<ExpertPrompts> prompts, int longest) {
        prompts.stream()
                .flatMap(p -> Stream.concat(p.positive().stream(), p.negative().stream()))
                .filter(ids -> ids.length > longest)
                .forEach(ids ->
                        problems.add(
                                Problem.recipe(
                                                config.at(),
                                                "a prompt is too long for the base model")
                                        .expected("at most " + longest + " tokens")
                                        .found(String.valueOf(ids.length))));
    }
}
