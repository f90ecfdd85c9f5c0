package jmergekit.planner;

import java.util.List;
import java.util.Set;
import jmergekit.model.ModelConfig;

/// How a checkpoint stores the experts of a layer.
///
/// Source: the classes of transformers 5 and the checkpoints of their models.
sealed interface ExpertLayout {
    /// A tensor for each matrix of each expert, as in `experts.0.up_proj.weight`.
    ///
    /// @param gate the word for the gate's matrix, in front of the activation
    /// @param up the word for the matrix whose result is multiplied by the gate's
    /// @param down the word for the matrix back to the hidden size
    record Split(String gate, String up, String down) implements ExpertLayout {
        static final Split PROJECTIONS = new Split("gate_proj", "up_proj", "down_proj");
        static final Split NUMBERED = new Split("w1", "w3", "w2");
        static final List<Split> ALL = List.of(PROJECTIONS, NUMBERED);

        boolean hasWord(String word) {
            return word.equals(gate) || word.equals(up) || word.equals(down);
        }

        String word(ExpertPart part) {
            return switch (part) {
                case GATE -> gate;
                case UP -> up;
                case DOWN -> down;
            };
        }
    }

    /// One tensor for all experts of a layer: `experts.gate_up_proj`, which combines the matrices
    /// of gate and up, and `experts.down_proj`.
    ///
    /// @param transposed whether it is `[experts, in, out]`, not `[experts, out, in]`
    /// @param interleaved whether the outputs of gate and up alternate; otherwise all gates come
    ///     first
    record Fused(boolean transposed, boolean interleaved) implements ExpertLayout {}

    /// Model types whose gates and ups alternate.
    Set<String> INTERLEAVED = Set.of("gpt_oss");

    /// Model types whose fused experts are `[experts, in, out]`.
    Set<String> TRANSPOSED =
            Set.of("gpt_oss", "llama4", "llama4_text", "qwen3_vl_moe", "qwen3_vl_moe_text");

    /// Model types whose expert matrices are numbered when each is a separate tensor.
    Set<String> NUMBERED =
            Set.of("deepseek_v4", "lfm2_moe", "minimax", "minimax_m2", "mixtral", "phimoe");

    /// The fused layout of a model type.
    static Fused fusedOf(ModelConfig config) {
        return new Fused(isOf(config, TRANSPOSED), isOf(config, INTERLEAVED));
    }

    /// The split layout of a model type.
    static Split splitOf(ModelConfig config) {
        return isOf(config, NUMBERED) ? Split.NUMBERED : Split.PROJECTIONS;
    }

    static boolean isOf(ModelConfig config, Set<String> types) {
        return config.modelType().filter(types::contains).isPresent()
                || config.textModelType().filter(types::contains).isPresent();
    }
}
