package jmergekit.planner;

import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jmergekit.arch.Place;
import jmergekit.arch.Structure;
import jmergekit.model.ModelConfig;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;

/// Which tensors are matrices of linear layers for which loaders have quantised kernels: the layers
/// of the text model, except routers, convolutions and look-up tables.
///
/// Source: the FP8 checkpoints of DeepSeek and Qwen; FineGrainedFP8Config of transformers 5.18.
///
/// @param depths the number of layers in the output's stacks, by prefix: layers after those predict
///     more than one token
/// @param transposed whether the model's linear layers store transposed matrices
/// @param hasTransposedExperts whether fused experts are matrices [in, out]
record LinearWeights(
        Structure structure,
        Map<String, Integer> depths,
        boolean transposed,
        boolean hasTransposedExperts) {
    private static final Set<String> TRANSPOSED =
            Set.of("gpt2", "openai-gpt", "imagegpt", "decision_transformer");
    private static final String WEIGHT = ".weight";

    /// Small matrices whose outputs select or weight: official checkpoints do not quantise them.
    private static final Pattern SENSITIVE =
            Pattern.compile(
                    "(^|[._])(gate|router|wg|switch|shared_expert_gate|weights_proj|conv\\w*"
                            + "|in_proj_(a|b|ba)|relative_attention_bias)(\\.|$)");

    private static final Pattern SPLIT_EXPERTS = Pattern.compile("\\.experts\\.\\d+\\.");
    private static final Pattern FUSED_EXPERTS = Pattern.compile("\\.experts\\.[a-z0-9_]+$");

    static LinearWeights of(ModelConfig config, Structure structure, Map<String, Integer> depths) {
        String type = config.modelType().orElse("");
        return new LinearWeights(
                structure,
                Map.copyOf(depths),
                areTransposed(config),
                ExpertLayout.TRANSPOSED.contains(type));
    }

    /// Whether the linear layers of a model store transposed matrices.
    static boolean areTransposed(ModelConfig config) {
        return TRANSPOSED.contains(config.modelType().orElse(""));
    }

    /// Whether the tensor holds all experts of a layer.
    static boolean isFused(TensorSpec spec) {
        return spec.shape().rank() == 3 && FUSED_EXPERTS.matcher(spec.name()).find();
    }

    /// Whether it is the weight of a module, linear or not, that a loader might treat as quantised.
    static boolean isMatrix(TensorSpec spec) {
        return spec.shape().rank() > 1 && (spec.name().endsWith(WEIGHT) || isFused(spec));
    }

    boolean isLinear(TensorSpec spec) {
        String name = spec.name();
        Shape shape = spec.shape();
        boolean shaped = shape.rank() == 2 && name.endsWith(WEIGHT) || isFused(spec);
        return shaped
                && shape.elements() > 0
                && !transposed
                && !SENSITIVE.matcher(module(spec)).find()
                && !Structure.isLookup(name)
                && structure.place(name) instanceof Place.InLayer place
                && place.layer() < depths.getOrDefault(place.stack().prefix(), 0)
                && !place.stack().auxiliary()
                && !Structure.isOfPerception(place.stack());
    }

    /// The module that a matrix belongs to; for fused experts, the module that contains them.
    static String module(TensorSpec spec) {
        String name = spec.name();
        if (isFused(spec)) {
            return name.substring(0, name.lastIndexOf('.'));
        }
        return name.endsWith(WEIGHT) ? name.substring(0, name.length() - WEIGHT.length()) : name;
    }

    /// Matrices of one group are quantised together or not at all: those that loaders combine
    /// because they have the same input, and all experts of a layer.
    static String group(TensorSpec spec) {
        String module = module(spec);
        if (isFused(spec)) {
            return module;
        }
        Matcher experts = SPLIT_EXPERTS.matcher(spec.name());
        if (experts.find()) {
            return spec.name().substring(0, experts.end()).replaceAll("\\.\\d+\\.$", "");
        }
        return "%s %d"
                .formatted(
                        module.substring(0, Math.max(0, module.lastIndexOf('.'))),
                        spec.shape().rowLength());
    }
}
