package jmergekit.lora;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import jmergekit.arch.Structure;
import jmergekit.model.ModelConfig;
import jmergekit.tensor.Shape;

/// How the weight of a module can be split into factors, told from its name and shape.
final class ModuleLayouts {
    /// Model types whose linear modules, called so, have their weights the other way round.
    private static final Set<String> TURNED_TYPES =
            Set.of("gpt2", "openai-gpt", "imagegpt", "decision_transformer");

    private static final Pattern TURNED = Pattern.compile("(^|\\.)(c_attn|c_proj|c_fc|q_attn)$");

    private final boolean turnedModel;

    ModuleLayouts(ModelConfig config) {
        this.turnedModel = config.modelType().filter(TURNED_TYPES::contains).isPresent();
    }

    /// Whether a weight has one row for each token or position.
    static boolean isTable(TensorPair weight) {
        return weight.spec().shape().rank() == 2 && Structure.isLookup(weight.name())
                || Structure.isEmbedding(weight.name());
    }

    /// Empty if the weight is no matrix: a norm's, or that of a convolution in which each channel has
    /// its own kernel.
    Optional<Layout> of(TensorPair weight) {
        Shape shape = weight.spec().shape();
        if (shape.elements() == 0 || shape.rank() < 2 || shape.rank() > 5) {
            return Optional.empty();
        }
        if (shape.rank() > 2) {
            boolean byChannel = shape.size(1) == 1 && shape.size(0) > 1;
            return byChannel ? Optional.empty() : Optional.of(Layout.CONVOLUTION);
        }
        if (isTable(weight) && !Structure.isHead(weight.name())) {
            return Optional.of(Layout.EMBEDDING);
        }
        boolean turned = turnedModel && TURNED.matcher(weight.module()).find();
        return Optional.of(turned ? Layout.TRANSPOSED : Layout.LINEAR);
    }
}
