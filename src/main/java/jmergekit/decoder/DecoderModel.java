package jmergekit.decoder;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import jmergekit.arch.LayerStack;
import jmergekit.arch.Place;
import jmergekit.arch.Structure;
import jmergekit.linalg.DecoderShape;
import jmergekit.linalg.LanguageWeights;
import jmergekit.linalg.TensorNames;
import jmergekit.model.ModelConfig;
import jmergekit.primitive.SourceTensor;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.ShortList;
import jmergekit.tensor.Shape;

/// A decoder that can be run, including its head.
///
/// @param stack its layers
/// @param embeddings the name of that tensor; the other names are names of tensors too
/// @param vocabulary number of rows of the embeddings
/// @param longestText maximum number of tokens of a text
public record DecoderModel(
        DecoderShape shape,
        LayerStack stack,
        String embeddings,
        String finalNorm,
        String head,
        long vocabulary,
        int longestText)
        implements TensorNames {
    /// As `architectures` in config.json has them.
    private static final List<String> FAMILIES =
            List.of(
                    "LlamaForCausalLM",
                    "MistralForCausalLM",
                    "Qwen2ForCausalLM",
                    "Qwen3ForCausalLM");

    private static final String EVALUATOR_HINT =
            "use another evaluator: lm_eval, an endpoint or a command";
    private static final String SILU = "silu";
    private static final int SHOWN = 4;

    /// The settings for running a model with this configuration.
    ///
    /// @throws MergeException if models of this type are not supported
    public static DecoderSettings settings(ModelConfig config) {
        return settings(config, EVALUATOR_HINT);
    }

    private static DecoderSettings settings(ModelConfig config, String hint) {
        if (!FAMILIES.contains(config.architecture())) {
            throw new MergeException(
                    Problem.input(config.where(), "this model type is not supported")
                            .expected("one of " + String.join(", ", FAMILIES))
                            .found(config.architecture()));
        }
        String activation = config.text("hidden_act").orElse(SILU);
        if (!activation.equals(SILU)) {
            throw new MergeException(
                    Problem.input(config.where(), "this activation is not supported")
                            .expected(SILU)
                            .found(activation));
        }
        return DecoderSettings.of(config, hint);
    }

    /// Finds the decoder in a model's tensors.
    ///
    /// @param tensors shapes by name
    /// @throws MergeException if it cannot be run, with all reasons
    public static DecoderModel of(ModelConfig config, Map<String, Shape> tensors) {
        return of(config, tensors, EVALUATOR_HINT);
    }

    /// The same with another hint.
    ///
    /// @param hint what to do if the model cannot be run
    public static DecoderModel of(ModelConfig config, Map<String, Shape> tensors, String hint) {
        DecoderSettings settings = settings(config, hint);
        Structure structure = Structure.infer(config, tensors.keySet());
        LayerStack stack =
                structure
                        .mainStack()
                        .orElseThrow(() -> refused(config, "this model has no layers", hint));
        String embeddings =
                tensors.keySet().stream()
                        .filter(Structure::isInputEmbedding)
                        .filter(name -> tensors.get(name).rank() == 2)
                        .findFirst()
                        .orElseThrow(
                                () -> refused(config, "this model has no input embeddings", hint));
        Shape rows = tensors.get(embeddings);
        if (rows.size(1) != settings.hidden()) {
            throw refused(
                    config,
                    "'hidden_size' is %d, but the embeddings are %s"
                            .formatted(settings.hidden(), rows),
                    hint);
        }
        DecoderShape shape = settings.shape(stack.layers(), settings.hidden());
        boolean tied = config.tieWordEmbeddings().orElse(false);
        String head =
                tensors.keySet().stream()
                        .filter(name -> !tied && Structure.isHead(name))
                        .findFirst()
                        .orElse(embeddings);
        DecoderModel model =
                new DecoderModel(
                        shape,
                        stack,
                        embeddings,
                        stack.prefix().replaceFirst("[^.]+\\.$", "") + "norm.weight",
                        head,
                        rows.size(0),
                        settings.longestText());
        List<String> wrong = model.wrong(structure, tensors);
        if (!wrong.isEmpty()) {
            throw refused(config, ShortList.ofFragments(wrong, SHOWN), hint);
        }
        return model;
    }

    private static MergeException refused(ModelConfig config, String what, String hint) {
        return new MergeException(Problem.input(config.where(), what).hint(hint));
    }

    private List<String> wrong(Structure structure, Map<String, Shape> tensors) {
        List<String> wrong = new ArrayList<>();
        Map<Integer, Map<String, Shape>> layers = new TreeMap<>();
        for (int layer = 0; layer < stack.layers(); layer++) {
            layers.put(layer, new TreeMap<>());
        }
        tensors.forEach((name, found) -> {
            if (structure.place(name) instanceof Place.InLayer(LayerStack s, int layer, String rest)
                    && s.equals(stack)) {
                layers.get(layer).put(rest, found);
            }
        });
        layers.forEach((layer, own) -> {
            long width =
                    Optional.ofNullable(own.get("mlp.gate_proj.weight"))
                            .map(DecoderTensors::width)
                            .orElse(0L);
            DecoderTensors needed = new DecoderTensors(shape, width);
            needed.check(stack.name(layer, ""), own, wrong::add);
            own.keySet().stream()
                    .filter(name -> !needed.isKnown(name))
                    .forEach(name ->
                            wrong.add(
                                    "tensor '%s' would not be used"
                                            .formatted(stack.name(layer, name))));
        });
        checkShape(finalNorm, Shape.of(shape.hidden()), tensors, wrong);
        checkShape(head, Shape.of(vocabulary, shape.hidden()), tensors, wrong);
        return wrong;
    }

    private static void checkShape(
            String name, Shape expected, Map<String, Shape> tensors, List<String> wrong) {
        Shape found = tensors.get(name);
        if (!expected.equals(found)) {
            wrong.add(
                    found == null
                            ? "tensor '%s' is missing".formatted(name)
                            : "tensor '%s' is %s, expected %s".formatted(name, found, expected));
        }
    }

    @Override
    public String ofLayer(int layer, String rest) {
        return stack.name(layer, rest);
    }

    /// The tensors under the names that a run looks up.
    ///
    /// @param tensors finds one by its name
    public LanguageWeights weights(Function<String, Optional<SourceTensor>> tensors) {
        return new Weights(this, tensors);
    }

    private record Weights(DecoderModel model, Function<String, Optional<SourceTensor>> tensors)
            implements LanguageWeights {
        @Override
        public SourceTensor embeddings() {
            return tensors.apply(model.embeddings).orElseThrow();
        }

        @Override
        public Optional<SourceTensor> find(int layer, String name) {
            return tensors.apply(model.stack.name(layer, name));
        }

        @Override
        public SourceTensor finalNorm() {
            return tensors.apply(model.finalNorm).orElseThrow();
        }

        @Override
        public SourceTensor head() {
            return tensors.apply(model.head).orElseThrow();
        }
    }
}
