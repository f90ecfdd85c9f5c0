package jmergekit.transplant;

import jmergekit.model.ModelConfig;
import tools.jackson.databind.JsonNode;

/// Rows averaged over the rotations of rotary embeddings in a window of positions. Fast rotations
/// average out; slow ones remain. The inner product of two averaged rows is the mean of that of the
/// rotated rows over all pairs of positions in the window.
///
/// Source of the rotation: Su et al., "RoFormer: Enhanced transformer with rotary position embedding",
/// arXiv:2104.09864.
final class RotaryWindow implements Rows.Change {
    private static final int POSITIONS = 16;
    private static final double USUAL_THETA = 10000;

    private final float[] factors;

    // The mean of all the rotations is a rotation times this; its square weights the inner product.
    private RotaryWindow(int hidden, int headSize, double theta) {
        factors = new float[hidden];
        int half = Math.max(1, headSize / 2);
        for (int j = 0; j < hidden; j++) {
            double angle = StrictMath.pow(theta, -(double) (j % headSize % half) / half);
            double turn = StrictMath.sin(POSITIONS * angle / 2) / StrictMath.sin(angle / 2);
            factors[j] = (float) Math.abs(turn / POSITIONS);
        }
    }

    /// Uses the configuration's settings; by default, one head and the usual base.
    static RotaryWindow of(ModelConfig config, int hidden) {
        JsonNode own = config.setting("rope_theta");
        JsonNode nested = config.setting("rope_parameters").path("rope_theta");
        double theta =
                own.isNumber()
                        ? own.doubleValue()
                        : nested.isNumber() ? nested.doubleValue() : USUAL_THETA;
        long heads = config.size("num_attention_heads").orElse(1);
        long size = config.size("head_dim").orElse(heads > 0 ? hidden / heads : hidden);
        boolean usable = size >= 2 && size <= hidden && theta > 1;
        return new RotaryWindow(hidden, usable ? (int) size : hidden, usable ? theta : USUAL_THETA);
    }

    @Override
    public void apply(float[] row) {
        for (int j = 0; j < row.length; j++) {
            row[j] *= factors[j];
        }
    }
}
