package jmergekit.moe;

import java.util.Map;
import java.util.Optional;

/// The names of the tensors of a layer's experts in a family, without the layer's own prefix.
///
/// @param gate the gate that chooses experts
/// @param experts prefix of an expert's number
/// @param parts the names of an expert's matrices
/// @param shared prefix of the shared expert's matrices
/// @param sharedGate the shared expert's gate, in families that have one
record ExpertNames(
        String gate,
        String experts,
        Map<MlpPart, String> parts,
        Optional<String> shared,
        Optional<String> sharedGate) {
    private static final Map<MlpPart, String> PROJECTIONS =
            Map.of(
                    MlpPart.GATE,
                    MlpPart.GATE.projection(),
                    MlpPart.UP,
                    MlpPart.UP.projection(),
                    MlpPart.DOWN,
                    MlpPart.DOWN.projection());

    /// Names below `mlp`, as in most families.
    static ExpertNames inMlp(Optional<String> shared, Optional<String> sharedGate) {
        return new ExpertNames("mlp.gate.weight", "mlp.experts.", PROJECTIONS, shared, sharedGate);
    }

    String expert(int number, MlpPart part) {
        return experts + number + "." + parts.get(part) + ".weight";
    }

    String sharedExpert(MlpPart part) {
        return shared.orElseThrow() + part.projection() + ".weight";
    }
}
