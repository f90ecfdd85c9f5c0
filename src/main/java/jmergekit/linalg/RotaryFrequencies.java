package jmergekit.linalg;

/// The angles by which rotary position embeddings rotate pairs of a head's elements.
///
/// Source: Su et al., "RoFormer", 2021 (<https://arxiv.org/abs/2104.09864>); the scalings as
/// transformers computes them.
///
/// @param angles for each pair, in radians per position
/// @param magnitude factor on the rotated vectors
public record RotaryFrequencies(double[] angles, double magnitude) {
    private static final double BETA_FAST = 32;
    private static final double BETA_SLOW = 1;

    /// Unscaled.
    public static RotaryFrequencies of(double theta, int headSize) {
        double[] angles = new double[headSize / 2];
        for (int i = 0; i < angles.length; i++) {
            angles[i] = Math.pow(theta, -2.0 * i / headSize);
        }
        return new RotaryFrequencies(angles, 1);
    }

    /// Divides positions by a factor.
    public RotaryFrequencies linear(double factor) {
        double[] scaled = angles.clone();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] /= factor;
        }
        return new RotaryFrequencies(scaled, magnitude);
    }

    /// Llama 3: pairs that rotate less than `low` times within `original` positions are slowed by
    /// `factor`, those that rotate more than `high` times are unchanged, and those in between are
    /// interpolated.
    public RotaryFrequencies llama3(double factor, double low, double high, double original) {
        double[] scaled = angles.clone();
        for (int i = 0; i < scaled.length; i++) {
            double turns = original * angles[i] / (2 * Math.PI);
            double kept = Math.clamp((turns - low) / (high - low), 0, 1);
            scaled[i] = mix(angles[i], factor, kept);
        }
        return new RotaryFrequencies(scaled, magnitude);
    }

    /// YaRN (<https://arxiv.org/abs/2309.00071>), with its usual limits of 32 rotations and one.
    public RotaryFrequencies yarn(double factor, double theta, double original) {
        double[] scaled = angles.clone();
        double low = Math.max(0, Math.floor(correctionDimension(BETA_FAST, theta, original)));
        double high =
                Math.min(
                        2.0 * scaled.length - 1,
                        Math.ceil(correctionDimension(BETA_SLOW, theta, original)));
        for (int i = 0; i < scaled.length; i++) {
            double slowed = Math.clamp((i - low) / Math.max(high - low, 1e-3), 0, 1);
            scaled[i] = mix(angles[i], factor, 1 - slowed);
        }
        return new RotaryFrequencies(scaled, factor > 1 ? 0.1 * Math.log(factor) + 1 : 1);
    }

    private double correctionDimension(double rotations, double theta, double original) {
        return angles.length * Math.log(original / (rotations * 2 * Math.PI)) / Math.log(theta);
    }

    private static double mix(double angle, double factor, double kept) {
        return kept * angle + (1 - kept) * angle / factor;
    }
}
