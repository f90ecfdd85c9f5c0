package jmergekit.method.reference;

/// RAM: averages shared changes and keeps those of a single model, and RAM+, which enlarges the
/// latter by how much of its changes a model shares.
///
/// Source: Yuan et al., "Behavior knowledge merge in reinforced agentic models",
/// <https://arxiv.org/abs/2601.13572>; the shares are those of one tensor, as in mergekit.
public final class RamReference {
    private RamReference() {}

    public static double[] ram(float[] base, float[][] models, double epsilon) {
        return ramPlus(base, models, epsilon, 0, 0);
    }

    public static double[] ramPlus(
            float[] base, float[][] models, double epsilon, double r, double alpha) {
        boolean[][] changed = new boolean[models.length][base.length];
        int[] changers = new int[base.length];
        for (int m = 0; m < models.length; m++) {
            for (int i = 0; i < base.length; i++) {
                changed[m][i] = Math.abs((double) models[m][i] - base[i]) > epsilon;
                changers[i] += changed[m][i] ? 1 : 0;
            }
        }
        double[] factors = new double[models.length];
        for (int m = 0; m < models.length; m++) {
            factors[m] = 1 + r * Math.min(ratio(changed[m], changers, epsilon), alpha);
        }
        double[] result = new double[base.length];
        for (int i = 0; i < base.length; i++) {
            double sum = 0;
            for (int m = 0; m < models.length; m++) {
                if (changed[m][i]) {
                    double factor = changers[i] == 1 ? factors[m] : 1.0 / changers[i];
                    sum += factor * ((double) models[m][i] - base[i]);
                }
            }
            result[i] = base[i] + sum;
        }
        return result;
    }

    // Shared changes of a model to unique ones.
    private static double ratio(boolean[] changed, int[] changers, double epsilon) {
        double unique = 0;
        double shared = 0;
        for (int i = 0; i < changed.length; i++) {
            unique += changed[i] && changers[i] == 1 ? 1 : 0;
            shared += changed[i] && changers[i] > 1 ? 1 : 0;
        }
        return shared / Math.max(unique, epsilon);
    }
}
