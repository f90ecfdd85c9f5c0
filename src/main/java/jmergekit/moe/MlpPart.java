package jmergekit.moe;

/// The matrices of a gated MLP, `down(act(gate(x)) * up(x))`, under the names that dense models use.
enum MlpPart {
    GATE("gate_proj"),
    UP("up_proj"),
    DOWN("down_proj");

    /// The common prefix of their names in a layer.
    static final String PREFIX = "mlp.";

    private final String projection;

    MlpPart(String projection) {
        this.projection = projection;
    }

    /// `gate_proj`
    String projection() {
        return projection;
    }

    /// `mlp.gate_proj.weight`
    String rest() {
        return PREFIX + projection + ".weight";
    }
}
