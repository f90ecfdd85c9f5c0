package jmergekit.lora;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import jmergekit.arch.LoaderNames;
import jmergekit.arch.Structure;
import jmergekit.model.ModelConfig;
import jmergekit.tensor.Shape;

/// How the weight of a module can be factorised, judged by its name and shape.
final class ModuleLayouts {
    /// Model types in which linear modules with these names store transposed weights.
    private static final Set<String> TRANSPOSED_TYPES =
            Set.of("gpt2", "openai-gpt", "imagegpt", "decision_transformer");

    private static final Pattern TRANSPOSED =
            Pattern.compile("(^|\\.)(c_attn|c_proj|c_fc|q_attn)$");

    /// Modules of some model types that PEFT has no factors for, because the surrounding code reads
    /// their weights or sizes directly.
    private static final Map<String, Set<String>> UNFIT =
            Map.of(
                    "deepseek_v4", Set.of("o_a_proj"),
                    "mamba", Set.of("out_proj", "conv1d"),
                    "mamba2", Set.of("out_proj", "conv1d"),
                    "falcon_mamba", Set.of("out_proj", "conv1d"),
                    "falcon_h1", Set.of("out_proj", "conv1d"),
                    "nemotron_h", Set.of("out_proj", "conv1d"),
                    "whisper", Set.of("conv1", "conv2"));

    private final Set<String> unfit;
    private final boolean transposedModel;
    private final LoaderNames loaders;

    ModuleLayouts(ModelConfig config, LoaderNames loaders) {
        this.loaders = loaders;
        this.unfit = UNFIT.getOrDefault(config.modelType().orElse(""), Set.of());
        this.transposedModel = config.modelType().filter(TRANSPOSED_TYPES::contains).isPresent();
    }

    /// Whether a weight has one row for each token or position.
    boolean isTable(TensorPair weight) {
        return loaders.isEmbedding(weight.module())
                || weight.spec().shape().rank() == 2 && Structure.isLookup(weight.stored())
                || Structure.isEmbedding(weight.stored());
    }

    // A tensor tied to the embeddings is a head, unless it is named like embeddings.
    private boolean isLookup(TensorPair weight) {
        boolean tied = !weight.storedModule().equals(weight.module());
        return !Structure.isHead(weight.name())
                && (!tied
                        || Structure.isLookup(weight.name())
                        || loaders.isEmbedding(weight.module()));
    }

    /// Empty if the weight is not a matrix (a norm, or a depthwise convolution), or belongs to a
    /// module that loaders have no factors for.
    Optional<Layout> of(TensorPair weight) {
        Shape shape = weight.spec().shape();
        if (shape.elements() == 0 || shape.rank() < 2 || shape.rank() > 5) {
            return Optional.empty();
        }
        if (unfit.contains(Layout.lastPart(weight.module()))) {
            return Optional.empty();
        }
        if (isTable(weight) && isLookup(weight)) {
            return Optional.of(Layout.EMBEDDING);
        }
        if (loaders.isOpaque(weight.module())) {
            return Optional.empty();
        }
        if (shape.rank() > 2) {
            boolean byChannel = shape.size(1) == 1 && shape.size(0) > 1;
            return byChannel ? Optional.empty() : Optional.of(Layout.CONVOLUTION);
        }
        boolean transposed = transposedModel && TRANSPOSED.matcher(weight.module()).find();
        return Optional.of(transposed ? Layout.TRANSPOSED : Layout.LINEAR);
    }
}
