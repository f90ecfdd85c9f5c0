package jmergekit.transplant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import jmergekit.linalg.LowRank;
import jmergekit.linalg.RankRule;
import jmergekit.linalg.Scale;

/// A linear map from the donor's rows to the model's, found by principal component regression: the
/// donor's rows of shared tokens are reduced to their principal components, and the model's rows fitted
/// to these by least squares.
final class LandmarkMap implements Approximation {
    private static final int MOST_COMPONENTS = 512;

    /// The minimum ratio, so that noise is not fitted.
    private static final int LANDMARKS_PER_COMPONENT = 4;

    private final Rows donor;
    private final double[] donorMean;
    private final float[][] directions;
    private final List<Target> targets = new ArrayList<>();

    /// @param mean the mean of the landmarks
    /// @param images the image of each component
    private record Target(double[] mean, float[][] images) {}

    /// @param budget the most bytes of the donor's rows to keep in memory
    LandmarkMap(Rows donor, Atoms atoms, List<Rows> models, long seed, long budget) {
        this.donor = donor;
        this.donorMean = mean(donor, atoms.donorIds());
        int most = Math.min(MOST_COMPONENTS, donor.columns());
        int rank = Math.clamp((atoms.count() - 1) / LANDMARKS_PER_COMPONENT, 1, most);
        try (LowRank components =
                LowRank.of(
                        donor.at(atoms.donorIds(), Rows.centred(donorMean)),
                        new RankRule(rank, 1, 0),
                        Scale.RIGHT,
                        seed,
                        "landmark_pca",
                        budget)) {
            int found = components.rank();
            this.directions = directions(components, found);
            models.forEach(m -> targets.add(target(components, found, m, atoms)));
        }
    }

    // Each divided by its squared singular value: inner products with them are the entries of the
    // left singular vectors.
    private float[][] directions(LowRank components, int found) {
        float[][] rows = new float[found][donor.columns()];
        for (int r = 0; r < found; r++) {
            double square = 0;
            for (int j = 0; j < donor.columns(); j++) {
                rows[r][j] = at(components.right(), (long) r * donor.columns() + j);
                square += (double) rows[r][j] * rows[r][j];
            }
            for (int j = 0; j < donor.columns(); j++) {
                rows[r][j] = (float) (rows[r][j] / square);
            }
        }
        return rows;
    }

    private static float at(MemorySegment values, long index) {
        return values.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, index);
    }

    private static Target target(LowRank components, int found, Rows model, Atoms atoms) {
        double[] mean = mean(model, atoms.modelIds());
        double[][] sums = new double[found][model.columns()];
        float[] row = new float[model.columns()];
        MemorySegment left = components.left();
        for (int i = 0; i < atoms.count(); i++) {
            model.read(atoms.modelIds()[i], row);
            for (int r = 0; r < found; r++) {
                double share = at(left, (long) i * found + r);
                for (int j = 0; j < row.length; j++) {
                    sums[r][j] += share * (row[j] - mean[j]);
                }
            }
        }
        float[][] images = new float[found][];
        IntStream.range(0, found).forEach(r -> images[r] = WeightedRows.narrow(sums[r]));
        return new Target(mean, images);
    }

    private static double[] mean(Rows rows, int[] ids) {
        double[] sum = new double[rows.columns()];
        float[] row = new float[rows.columns()];
        for (int id : ids) {
            rows.read(id, row);
            for (int j = 0; j < row.length; j++) {
                sum[j] += row[j] / ids.length;
            }
        }
        return sum;
    }

    @Override
    public void rows(TokenBatch batch, float[][] into) {
        float[] row = new float[donor.columns()];
        for (int i = 0; i < batch.size(); i++) {
            donor.read(batch.tokens()[i], row);
            Rows.centred(donorMean).apply(row);
            double[] shares = new double[directions.length];
            for (int r = 0; r < shares.length; r++) {
                for (int j = 0; j < row.length; j++) {
                    shares[r] += (double) directions[r][j] * row[j];
                }
            }
            for (int t = 0; t < into.length; t++) {
                map(shares, targets.get(t), i, into[t]);
            }
        }
    }

    private static void map(double[] shares, Target target, int place, float[] into) {
        double[] sum = target.mean().clone();
        for (int r = 0; r < shares.length; r++) {
            float[] image = target.images()[r];
            for (int j = 0; j < sum.length; j++) {
                sum[j] += shares[r] * image[j];
            }
        }
        System.arraycopy(WeightedRows.narrow(sum), 0, into, place * sum.length, sum.length);
    }
}
