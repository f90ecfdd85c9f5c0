package jmergekit.transplant;

import java.util.Arrays;
import jmergekit.tile.TileOps;

/// Matching pursuit: finds atoms, one after the other, whose sum comes close to a vector, from the
/// vector's inner products with all atoms and the [Gram] matrix.
///
/// Each step takes the atom with the largest inner product with what is left. The orthogonal form then
/// finds the best coefficients of all atoms taken, by a Cholesky factor that grows with them (Batch-OMP:
/// Rubinstein, Zibulevsky, Elad, "Efficient implementation of the K-SVD algorithm using batch orthogonal
/// matching pursuit", 2008). The plain form keeps coefficients, and divides inner products by the
/// lengths of the atoms.
///
/// Of more than [#MOST_CANDIDATES] atoms only those are followed from step to step whose inner products
/// are largest. They are chosen anew, with the exact products, when 1, 2, 3, 4, 6, 8, 12, 16, 24, … atoms
/// are taken: see docs/divergences.md#pursuit-candidates.
///
/// @param orthogonal which form
/// @param steps how many atoms are taken
record Pursuit(Gram gram, int atoms, boolean orthogonal, int steps, TileOps ops) {
    static final int MOST_CANDIDATES = 2048;

    /// An atom of which a smaller share is new is a sum of the others, up to rounding.
    private static final double NEW_SHARE = 1e-6;

    private static final double NEW_SHARE_ROUNDED = 1e-2;

    /// Where a thread keeps what it needs for one vector after the other.
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
        private final float[] common = new float[steps];
        private final double[] common64 = new double[steps];
        private final Cholesky factor = new Cholesky(steps);
        private int count;

        /// How many atoms were taken.
        int count() {
            return count;
        }

        /// An atom that was taken.
        int atom(int place) {
            return taken[place];
        }

        /// The coefficients of the atoms, [#count] of them, which may be improved in place.
        double[] coefficients() {
            return coefficients;
        }

        /// Finds the coefficients that give inner products with the atoms that were taken, in place.
        void solve(double[] inner) {
            factor.solve(inner);
        }

        /// @param vector products with all atoms, from `start` on; overwritten
        /// @param without an atom that must not be taken, or [TokenBatch#NONE]
        void run(float[] vector, int start, int without) {
            products = vector;
            from = start;
            held = without;
            count = 0;
            factor.clear();
            Arrays.fill(coefficients, 0);
            Arrays.fill(subtracted, 0);
            choose();
            int next = 1;
            for (int step = 0; step < steps; step++) {
                if (step == next && width < atoms) {
                    renew();
                    next += Math.max(1, Integer.highestOneBit(next) / 2);
                }
                int best = best();
                while (best >= 0 && !(orthogonal ? takeOrthogonal(best) : takePlain(best))) {
                    closed[best] = true;
                    best = best();
                }
                if (best < 0) {
                    break;
                }
            }
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
            gram.gather(atom, taken, count, common);
            double product = products[from + atom];
            for (int i = 0; i < count; i++) {
                common64[i] = common[i];
                product += subtracted[i] * common[i];
            }
            double floor = gram.isRounded() ? NEW_SHARE_ROUNDED : NEW_SHARE;
            if (!factor.add(common64, gram.square(atom), floor)) {
                return false;
            }
            closed[best] = true;
            gram.gather(atom, candidates, width, rows[count]);
            taken[count] = atom;
            wanted[count] = product;
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
