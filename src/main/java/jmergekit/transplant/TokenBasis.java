package jmergekit.transplant;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import jmergekit.linalg.RowProducts;

/// Transfers the coefficients of a token between two bases of tokens.
///
/// The basis consists of shared tokens whose rows are as linearly independent as possible. In the
/// donor, the next one is always the row with the largest remainder after the previous ones are
/// removed (Gram-Schmidt with pivoting). The same tokens, in the same order, are made orthogonal in
/// the model. A token's row is the sum of the `k` members of the donor's basis with the largest
/// coefficients; with the same coefficients, the model's members are added up.
final class TokenBasis implements Approximation {
    private static final int MOST_MEMBERS = 1024;

    /// A member with a smaller remainder is lost in rounding.
    private static final double LEFT = 1e-6;

    private final Rows donor;
    private final int k;
    private final double[][] members;
    private final double[] squares;
    private final int[] atomOf;
    private final List<double[][]> images = new ArrayList<>();

    TokenBasis(Rows donor, Atoms atoms, List<Rows> models, int k, RowProducts products) {
        this.donor = donor;
        this.k = k;
        int narrowest = models.stream().mapToInt(Rows::columns).filter(c -> c > 1).min().orElse(1);
        int most =
                Math.clamp(
                        Math.min(donor.columns(), Math.min(narrowest, atoms.count() / 2)),
                        1,
                        MOST_MEMBERS);
        List<double[]> found = new ArrayList<>();
        List<Integer> chosen = choose(atoms, most, found, products);
        this.members = found.toArray(double[][]::new);
        this.squares = Arrays.stream(members).mapToDouble(m -> dot(m, m)).toArray();
        this.atomOf = chosen.stream().mapToInt(i -> i).toArray();
        for (Rows model : models) {
            images.add(orthogonal(model, chosen.stream().map(i -> atoms.modelIds()[i]).toList()));
        }
    }

    private List<Integer> choose(
            Atoms atoms, int most, List<double[]> found, RowProducts products) {
        double[] left = new double[atoms.count()];
        double[] whole = new double[atoms.count()];
        float[] row = new float[donor.columns()];
        for (int i = 0; i < left.length; i++) {
            donor.read(atoms.donorIds()[i], row);
            whole[i] = dot(wide(row), wide(row));
            left[i] = whole[i];
        }
        List<Integer> chosen = new ArrayList<>();
        float[] inner = new float[left.length];
        while (found.size() < most) {
            int best =
                    IntStream.range(0, left.length)
                            .filter(i -> !chosen.contains(i) && left[i] > LEFT * whole[i])
                            .reduce((a, b) -> left[b] > left[a] ? b : a)
                            .orElse(-1);
            if (best < 0) {
                break;
            }
            donor.read(atoms.donorIds()[best], row);
            double[] member = without(wide(row), found);
            double square = dot(member, member);
            chosen.add(best);
            found.add(member);
            products.inner(WeightedRows.narrow(member), 1, inner);
            for (int i = 0; i < left.length; i++) {
                left[i] -= inner[i] * (double) inner[i] / Math.max(square, Double.MIN_NORMAL);
            }
        }
        return chosen;
    }

    private static double[][] orthogonal(Rows rows, List<Integer> ids) {
        List<double[]> made = new ArrayList<>();
        float[] row = new float[rows.columns()];
        for (int id : ids) {
            rows.read(id, row);
            // With one number for each token nothing would be left.
            made.add(rows.columns() == 1 ? wide(row) : without(wide(row), made));
        }
        return made.toArray(double[][]::new);
    }

    private static double[] without(double[] vector, List<double[]> others) {
        for (double[] other : others) {
            double square = dot(other, other);
            double share = square > 0 ? dot(vector, other) / square : 0;
            for (int j = 0; j < vector.length; j++) {
                vector[j] -= share * other[j];
            }
        }
        return vector;
    }

    private static double[] wide(float[] row) {
        double[] wide = new double[row.length];
        for (int j = 0; j < row.length; j++) {
            wide[j] = row[j];
        }
        return wide;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            sum += a[j] * b[j];
        }
        return sum;
    }

    @Override
    public void rows(TokenBatch batch, float[][] into) {
        float[] row = new float[donor.columns()];
        Largest largest = new Largest(Math.min(k, members.length));
        int[] places = new int[k];
        for (int i = 0; i < batch.size(); i++) {
            donor.read(batch.tokens()[i], row);
            double[] vector = wide(row);
            double[] shares = new double[members.length];
            for (int m = 0; m < members.length; m++) {
                double inner = dot(vector, members[m]);
                shares[m] = squares[m] > 0 ? inner / squares[m] : 0;
                if (atomOf[m] != batch.held()[i]) {
                    largest.offer((float) (Math.abs(inner) / Math.sqrt(squares[m])), m);
                }
            }
            int count = largest.drain(places);
            for (int t = 0; t < into.length; t++) {
                double[] sum = new double[images.get(t)[0].length];
                for (int p = 0; p < count; p++) {
                    double[] image = images.get(t)[places[p]];
                    for (int j = 0; j < sum.length; j++) {
                        sum[j] += shares[places[p]] * image[j];
                    }
                }
                System.arraycopy(WeightedRows.narrow(sum), 0, into[t], i * sum.length, sum.length);
            }
        }
    }
}
