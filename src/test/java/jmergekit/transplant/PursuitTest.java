package jmergekit.transplant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import jmergekit.tile.TileOps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PursuitTest {
    private static final int COLUMNS = 96;

    /// Inner products in plain loops.
    private record PlainGram(double[][] atoms) implements Gram {
        private double inner(int a, int b) {
            return dot(atoms[a], atoms[b]);
        }

        @Override
        public float square(int atom) {
            return (float) inner(atom, atom);
        }

        @Override
        public void gather(int atom, int[] others, int count, float[] into) {
            for (int i = 0; i < count; i++) {
                into[i] = (float) inner(atom, others[i]);
            }
        }

        @Override
        public void subtract(float[] products, int from, int[] taken, double[] by, int count) {
            for (int i = 0; i < atoms.length; i++) {
                double sum = products[from + i];
                for (int j = 0; j < count; j++) {
                    sum -= by[j] * inner(i, taken[j]);
                }
                products[from + i] = (float) sum;
            }
        }
    }

    /// Exact products in plain loops.
    private record PlainProducts(double[][] atoms, double[] vector, int[] taken)
            implements Pursuit.Exact {
        @Override
        public double square() {
            return dot(vector, vector);
        }

        @Override
        public double read(int place, int atom, double[] common) {
            taken[place] = atom;
            for (int i = 0; i < place; i++) {
                common[i] = dot(atoms[atom], atoms[taken[i]]);
            }
            return dot(atoms[atom], atoms[atom]);
        }

        @Override
        public double product(int place) {
            return dot(atoms[taken[place]], vector);
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double[][] random(int rows, long seed) {
        Random random = new Random(seed);
        double[][] matrix = new double[rows][COLUMNS];
        for (double[] row : matrix) {
            for (int j = 0; j < COLUMNS; j++) {
                row[j] = random.nextGaussian();
            }
        }
        return matrix;
    }

    private static Pursuit.Search search(
            double[][] atoms, double[] vector, int steps, boolean orthogonal, int held) {
        Pursuit pursuit =
                new Pursuit(
                        new PlainGram(atoms),
                        atoms.length,
                        orthogonal,
                        steps,
                        0x1p-12,
                        TileOps.best());
        Pursuit.Search search = pursuit.search();
        float[] products = new float[atoms.length + 1];
        for (int i = 0; i < atoms.length; i++) {
            products[1 + i] = (float) dot(atoms[i], vector);
        }
        search.run(products, 1, held, new PlainProducts(atoms, vector, new int[steps]));
        return search;
    }

    private static List<Integer> taken(Pursuit.Search search) {
        List<Integer> taken = new ArrayList<>();
        for (int i = 0; i < search.count(); i++) {
            taken.add(search.atom(i));
        }
        return taken;
    }

    // Each time the atom with the largest inner product, then least squares by Gram-Schmidt.
    private static List<Integer> reference(double[][] atoms, double[] vector, int steps) {
        List<Integer> taken = new ArrayList<>();
        List<double[]> basis = new ArrayList<>();
        double[] left = vector.clone();
        while (taken.size() < steps) {
            int best = -1;
            for (int i = 0; i < atoms.length; i++) {
                if (!taken.contains(i)
                        && (best < 0
                                || Math.abs(dot(atoms[i], left))
                                        > Math.abs(dot(atoms[best], left)))) {
                    best = i;
                }
            }
            taken.add(best);
            double[] direction = atoms[best].clone();
            for (double[] other : basis) {
                subtract(direction, other, dot(direction, other));
            }
            double length = Math.sqrt(dot(direction, direction));
            for (int j = 0; j < COLUMNS; j++) {
                direction[j] /= length;
            }
            basis.add(direction);
            subtract(left, direction, dot(left, direction));
        }
        return taken;
    }

    private static void subtract(double[] from, double[] direction, double share) {
        for (int j = 0; j < from.length; j++) {
            from[j] -= share * direction[j];
        }
    }

    private static double left(double[][] atoms, double[] vector, Pursuit.Search search) {
        double[] left = vector.clone();
        for (int i = 0; i < search.count(); i++) {
            subtract(left, atoms[search.atom(i)], search.coefficients()[i]);
        }
        return Math.sqrt(dot(left, left) / dot(vector, vector));
    }

    @Test
    void aSumOfTwoAtomsIsFound() {
        double[][] atoms = new double[3][COLUMNS];
        atoms[0][0] = 2;
        atoms[1][1] = 1;
        atoms[2][2] = 4;
        double[] vector = new double[COLUMNS];
        vector[0] = 6;
        vector[2] = -4;

        Pursuit.Search search = search(atoms, vector, 2, true, TokenBatch.NONE);

        assertThat(taken(search)).containsExactly(2, 0);
        assertThat(search.coefficients()).containsExactly(-1, 3);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void atomsAreThoseOfTheDefinition(int seed) {
        double[][] atoms = random(60, seed);
        double[] vector = random(1, 100 + seed)[0];

        Pursuit.Search search = search(atoms, vector, 12, true, TokenBatch.NONE);

        assertThat(taken(search)).isEqualTo(reference(atoms, vector, 12));
    }

    @Test
    void ofManyAtomsTheCandidatesAreRenewed() {
        double[][] atoms = random(3000, 3);
        int same = 0;
        for (int i = 0; i < 20; i++) {
            double[] vector = random(1, 200 + i)[0];
            Pursuit.Search search = search(atoms, vector, 16, true, TokenBatch.NONE);
            List<Integer> wanted = reference(atoms, vector, 16);
            List<Integer> found = taken(search);
            wanted.retainAll(found);
            same += wanted.size();
            assertThat(left(atoms, vector, search)).isLessThan(0.7);
        }
        assertThat(same).isGreaterThan(19 * 16);
    }

    @Test
    void anAtomThatIsASumOfOthersIsPassedOver() {
        double[][] atoms = new double[3][COLUMNS];
        atoms[0][0] = 3;
        atoms[1][0] = 2;
        atoms[2][1] = 1;
        double[] vector = new double[COLUMNS];
        vector[0] = 1;
        vector[1] = 1;

        Pursuit.Search search = search(atoms, vector, 3, true, TokenBatch.NONE);

        assertThat(taken(search)).containsExactly(0, 2);
        assertThat(left(atoms, vector, search)).isCloseTo(0, within(1e-6));
    }

    @Test
    void nothingIsTakenOnceRoundingAloneIsLeft() {
        // Atoms and vector lie in three dimensions, but for a millionth.
        double[][] atoms = random(50, 11);
        for (double[] atom : atoms) {
            for (int j = 3; j < COLUMNS; j++) {
                atom[j] *= 1e-6;
            }
        }
        double[] vector = atoms[49].clone();
        double[][] others = Arrays.copyOf(atoms, 49);

        Pursuit.Search search = search(others, vector, 20, true, TokenBatch.NONE);

        assertThat(search.count()).isLessThanOrEqualTo(4);
        assertThat(left(others, vector, search)).isLessThan(0x1p-12);
    }

    @Test
    void theAtomThatIsHeldOutIsNotTaken() {
        double[][] atoms = random(40, 5);

        assertThat(taken(search(atoms, atoms[7], 4, true, TokenBatch.NONE))).contains(7);
        assertThat(taken(search(atoms, atoms[7], 4, true, 7))).doesNotContain(7);
    }

    @Test
    void aPlainPursuitDividesByLengths() {
        double[][] atoms = new double[2][COLUMNS];
        // Longer, but farther from the vector's direction.
        atoms[0][0] = 10;
        atoms[0][1] = 10;
        atoms[1][0] = 0.5;
        double[] vector = new double[COLUMNS];
        vector[0] = 1;

        Pursuit.Search search = search(atoms, vector, 1, false, TokenBatch.NONE);

        assertThat(taken(search)).containsExactly(1);
        assertThat(search.coefficients()[0]).isEqualTo(2);
    }

    @Test
    void aPlainPursuitComesCloserWithEachStep() {
        double[][] atoms = random(3000, 8);
        double[] vector = random(1, 9)[0];

        double few = left(atoms, vector, search(atoms, vector, 4, false, TokenBatch.NONE));
        double many = left(atoms, vector, search(atoms, vector, 24, false, TokenBatch.NONE));

        assertThat(many).isLessThan(few);
    }
}
