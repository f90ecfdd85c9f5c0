package jmergekit.transplant;

import java.util.Arrays;
import jmergekit.tile.TileOps;

/// Matching pursuit: finds atoms, one at a time, whose sum approximates a vector, from the vector's
/// inner products with all atoms and the [Gram] matrix.
///
/// Each step takes the atom with the largest inner product with the residual. The orthogonal form
/// then finds the best coefficients of all atoms taken, with a Cholesky factor that grows with them
/// (Batch-OMP: Rubinstein, Zibulevsky, Elad, "Efficient implementation of the K-SVD algorithm using
/// batch orthogonal matching pursuit", 2008). The factor is made from [Exact] products: with
/// rounded ones, coefficients grow without bound once atoms are nearly sums of each other. The
/// plain form keeps earlier coefficients, and divides inner products by the lengths of the atoms.
///
/// The orthogonal form ends early if no more than `rest` of the vector is left, since only rounding
/// would be approximated, or if `steps` atoms turned out to be sums of those taken.
///
/// If there are more than [#MOST_CANDIDATES] atoms, only those with the largest inner products are
/// updated from step to step. They are chosen again, with the exact products, when 1, 2, 3, 4, 6,
/// 8, 12, 16, 24, … atoms are taken: see docs/divergences.md#pursuit-candidates.
///
/// @param orthogonal selects the form
/// @param steps the number of atoms to take
/// @param rest the allowed length of the residual, as a share of the vector's
record Pursuit(Gram gram, int atoms, boolean orthogonal, int steps, double rest, TileOps ops) {
    static final int MOST_CANDIDATES = 2048;

    /// An atom with a smaller new share is a sum of the others, up to rounding.
    private static final double NEW_SHARE = 1e-6;

    /// Inner products of a vector and of the atoms that are taken for it, in float64.
    interface Exact {
        /// The square of the vector's length.
        double square();

        /// Reads an atom.
        ///
        /// @param place its position among the atoms taken
        /// @param common receives its products with the previous atoms
        /// @return the square of its length
        double read(int place, int atom, double[] common);

        /// The product of the vector with the atom that was last read for a place.
        double product(int place);
    }

    /// For the plain form.
    static final Exact NOTHING =
            new Exact() {
                @Override
                public double square() {
                    return 0;
                }

                @Override
                public double read(int place, int atom, double[] common) {
                    return 0;
                }

                @Override
                public double product(int place) {
                    return 0;
                }
            };

    /// The buffers of one thread, reused for each vector.
    Search search() {
        return new Search();
    }

    /// The search for the atoms of a vector; for one thread.
    final class Search {
        private float[] products = new float[0];
        private int from;
        private int held;
        private final int width = Math.min(atoms, MOST_CANDIDATES);
        private final LargestMagnitudes largest = new LargestMagnitudes();
        private final int[] candidates = new int[width];
        private final float[] inner = new float[width];
        private final boolean[] closed = new boolean[width];
        private final float[] lengths = new float[width];
        private final float[][] rows = new float[orthogonal ? steps : 1][width];
        private final int[] taken = new int[steps];
        private final double[] wanted = new double[steps];
        private final double[] coefficients = new double[steps];
        private final double[] subtracted = new double[steps];
        private final double[] solved = new double[steps];
        private final double[] common = new double[steps];
        private final Cholesky factor = new Cholesky(steps);
        private int count;
        private Exact exact = NOTHING;

        /// The number of atoms taken.
        int count() {
            return count;
        }

        /// An atom that was taken.
        int atom(int place) {
            return taken[place];
        }

        /// The coefficients of the atoms, [#count] in number.
        double[] coefficients() {
            return coefficients;
        }

        /// @param vector products with all atoms, starting at `start`; overwritten
        /// @param without an atom that must not be taken, or [TokenBatch#NONE]
        /// @param of products of the same vector; the plain form does not use them
        void run(float[] vector, int start, int without, Exact of) {
            exact = of;
            products = vector;
            from = start;
            held = without;
            count = 0;
            factor.clear();
            Arrays.fill(coefficients, 0);
            Arrays.fill(subtracted, 0);
            choose();
            int next = 1;
            int refused = 0;
            for (int step = 0; step < steps && !isDone(); step++) {
                if (step == next && width < atoms) {
                    renew();
                    next += Math.max(1, Integer.highestOneBit(next) / 2);
                }
                int best = best();
                while (best >= 0 && !(orthogonal ? takeOrthogonal(best) : takePlain(best))) {
                    closed[best] = true;
                    best = ++refused < steps ? best() : -1;
                }
                if (best < 0) {
                    break;
                }
            }
        }

        // The residual is orthogonal to what was found, so its square is the difference of the
        // squares.
        private boolean isDone() {
            if (!orthogonal) {
                return false;
            }
            double left = exact.square();
            for (int i = 0; i < count; i++) {
                left -= coefficients[i] * wanted[i];
            }
            return left <= rest * rest * exact.square();
        }

        private void choose() {
            int found = largest.find(products, from, atoms, width, candidates);
            for (int i = 0; i < width; i++) {
                closed[i] =
                        i >= found || candidates[i] == held || orthogonal && isTaken(candidates[i]);
                inner[i] = i < found ? products[from + candidates[i]] : 0;
                lengths[i] = orthogonal ? 1 : length(candidates[i]);
            }
        }

        // An atom of zeros is never taken, as its products are 0.
        private float length(int atom) {
            float square = gram.square(atom);
            return square > 0 ? (float) Math.sqrt(square) : 1;
        }

        private boolean isTaken(int atom) {
            return place(atom) >= 0;
        }

        private int place(int atom) {
            for (int i = 0; i < count; i++) {
                if (taken[i] == atom) {
                    return i;
                }
            }
            return -1;
        }

        private void renew() {
            double[] change = new double[count];
            for (int i = 0; i < count; i++) {
                change[i] = coefficients[i] - subtracted[i];
                subtracted[i] = coefficients[i];
            }
            gram.subtract(products, from, taken, change, count);
            choose();
            if (orthogonal) {
                for (int i = 0; i < count; i++) {
                    gram.gather(taken[i], candidates, width, rows[i]);
                }
            }
        }

        private int best() {
            int best = -1;
            float most = 0;
            for (int i = 0; i < width; i++) {
                float size = Math.abs(inner[i]) / lengths[i];
                if (size > most && !closed[i]) {
                    most = size;
                    best = i;
                }
            }
            return best;
        }

        private boolean takeOrthogonal(int best) {
            int atom = candidates[best];
            double square = exact.read(count, atom, common);
            if (!factor.add(common, square, NEW_SHARE)) {
                return false;
            }
            closed[best] = true;
            gram.gather(atom, candidates, width, rows[count]);
            taken[count] = atom;
            wanted[count] = exact.product(count);
            count++;
            System.arraycopy(wanted, 0, solved, 0, count);
            factor.solve(solved);
            for (int i = 0; i < count; i++) {
                float change = (float) (coefficients[i] - solved[i]);
                ops.addScaled(inner, rows[i], change, width);
                coefficients[i] = solved[i];
            }
            return true;
        }

        private boolean takePlain(int best) {
            int atom = candidates[best];
            double square = gram.square(atom);
            if (!(square > 0)) {
                return false;
            }
            int place = place(atom);
            if (place < 0) {
                place = count++;
                taken[place] = atom;
            }
            double coefficient = inner[best] / square;
            coefficients[place] += coefficient;
            gram.gather(atom, candidates, width, rows[0]);
            ops.addScaled(inner, rows[0], (float) -coefficient, width);
            return true;
        }
    }
}
