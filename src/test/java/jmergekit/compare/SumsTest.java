package jmergekit.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import jmergekit.fixture.SerialChunks;
import jmergekit.primitive.SourceTensor;
import jmergekit.source.ArrayTensor;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/// Every figure, by hand or against plain loops in double precision.
class SumsTest {
    private static final Percentage CLOSE = Percentage.withPercentage(1e-7);
    private static final int ELEMENTS = 10_007;

    private final float[][] versions = versions();
    private final Sums sums = sums(versions);

    // Two fine-tunes of one base: an element in four stays, a few change much.
    private static float[][] versions() {
        Random random = new Random(3);
        float[][] versions = new float[3][ELEMENTS];
        for (int e = 0; e < ELEMENTS; e++) {
            versions[0][e] = (float) random.nextGaussian();
            for (int i = 1; i < 3; i++) {
                double size = random.nextInt(1000) == 0 ? 3 : 0.01;
                boolean stays = random.nextInt(4) == 0;
                versions[i][e] =
                        stays
                                ? versions[0][e]
                                : (float) (versions[0][e] + size * random.nextGaussian());
            }
        }
        return versions;
    }

    private static Sums sums(float[]... versions) {
        List<SourceTensor> sources = new ArrayList<>();
        for (float[] version : versions) {
            sources.add(new ArrayTensor(version));
        }
        return TensorSums.ofAll().of(sources, new SerialChunks());
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int e = 0; e < a.length; e++) {
            sum += (double) a[e] * b[e];
        }
        return sum;
    }

    // As the program does, in float32.
    private float[] change(int version) {
        float[] change = new float[ELEMENTS];
        for (int e = 0; e < ELEMENTS; e++) {
            change[e] = versions[version][e] - versions[0][e];
        }
        return change;
    }

    @Test
    void normsAndChangesAreThoseOfPlainLoops() {
        assertThat(sums.elements()).isEqualTo(ELEMENTS);
        for (int i = 0; i < 3; i++) {
            double norm = Math.sqrt(dot(versions[i], versions[i]));
            assertThat(sums.norm(i)).isCloseTo(norm, CLOSE);
            double change = Math.sqrt(dot(change(i), change(i)));
            assertThat(sums.change(i)).isCloseTo(change, CLOSE);
            assertThat(sums.relativeChange(i)).isCloseTo(change / sums.norm(0), CLOSE);
            assertThat(sums.normRatio(i, 0)).isCloseTo(norm / sums.norm(0), CLOSE);
        }
    }

    @Test
    void cosinesAndDistancesAreThoseOfPlainLoops() {
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                double norms = sums.norm(i) * sums.norm(j);
                assertThat(sums.cosine(i, j))
                        .isCloseTo(dot(versions[i], versions[j]) / norms, CLOSE);
            }
        }
        float[] first = change(1);
        float[] second = change(2);
        double both = dot(first, second);
        assertThat(sums.changeCosine(1, 2))
                .isCloseTo(both / Math.sqrt(dot(first, first) * dot(second, second)), CLOSE);
        assertThat(sums.kept(1, 2)).isCloseTo(both / dot(second, second), CLOSE);
        double apart = 0;
        for (int e = 0; e < ELEMENTS; e++) {
            apart += Math.pow((double) first[e] - second[e], 2);
        }
        assertThat(sums.distance(1, 2)).isCloseTo(Math.sqrt(apart), CLOSE);
    }

    @Test
    void countsAreThoseOfPlainLoops() {
        float[] first = change(1);
        float[] second = change(2);
        long unchanged = 0;
        long flips = 0;
        long both = 0;
        long opposite = 0;
        double largest = 0;
        double most = 0;
        for (int e = 0; e < ELEMENTS; e++) {
            unchanged += first[e] == 0 ? 1 : 0;
            flips += versions[0][e] * (double) versions[1][e] < 0 ? 1 : 0;
            both += first[e] != 0 && second[e] != 0 ? 1 : 0;
            opposite += first[e] * (double) second[e] < 0 ? 1 : 0;
            largest = Math.max(largest, Math.abs(versions[1][e]));
            most = Math.max(most, Math.abs(first[e]));
        }
        assertThat(sums.unchanged(1)).isEqualTo(unchanged).isGreaterThan(ELEMENTS / 5);
        assertThat(sums.unchangedShare(1)).isEqualTo((double) unchanged / ELEMENTS);
        assertThat(sums.unchanged(0)).isEqualTo(ELEMENTS);
        assertThat(sums.signFlips(1)).isEqualTo((double) flips / ELEMENTS).isPositive();
        assertThat(sums.signConflict(1, 2)).isEqualTo((double) opposite / both);
        assertThat(sums.signConflict(2, 1)).isEqualTo(sums.signConflict(1, 2));
        assertThat(sums.signConflict()).isEqualTo(sums.signConflict(1, 2));
        assertThat(sums.largest(1)).isEqualTo(largest);
        assertThat(sums.largestChange(1)).isEqualTo(most);
        double rootMeanSquare = sums.change(1) / Math.sqrt(ELEMENTS);
        assertThat(sums.outlierRatio(1)).isCloseTo(most / rootMeanSquare, CLOSE);
    }

    @Test
    void conflictsOfAllPairsAreCountedTogether() {
        float[] base = {0, 0, 0, 0};
        float[] a = {1, 1, 1, 0};
        float[] b = {1, -1, 0, 0};
        float[] c = {1, -1, 1, 1};

        Sums three = sums(base, a, b, c);

        // a and b: 1 of 2; a and c: 1 of 3; b and c: 0 of 2.
        assertThat(three.signConflict(1, 2)).isEqualTo(0.5);
        assertThat(three.signConflict(1, 3)).isEqualTo(1.0 / 3);
        assertThat(three.signConflict(2, 3)).isZero();
        assertThat(three.signConflict()).isEqualTo(2.0 / 7);
    }

    @Test
    void elementsThatAreNotFiniteAreCountedAndLeftOut() {
        float nan = Float.NaN;
        float infinity = Float.POSITIVE_INFINITY;
        Sums holes = sums(new float[] {1, nan, 2, 3, 4}, new float[] {1, 5, -infinity, 6, nan});

        assertThat(holes.elements()).isEqualTo(2);
        assertThat(List.of(holes.nan(0), holes.nan(1))).containsExactly(1L, 1L);
        assertThat(List.of(holes.infinite(0), holes.infinite(1))).containsExactly(0L, 1L);
        assertThat(holes.norm(0)).isCloseTo(Math.sqrt(10), CLOSE);
        assertThat(holes.norm(1)).isCloseTo(Math.sqrt(37), CLOSE);
        assertThat(holes.change(1)).isEqualTo(3);
        assertThat(holes.unchanged(1)).isEqualTo(1);
        assertThat(holes.largest(1)).isEqualTo(6);
        assertThat(holes.sample(1).elements()).isEqualTo(2);
        assertThat(holes.sample(1).changed()).isEqualTo(1);
    }

    @Test
    void aChangeBeyondFloat32IsLeftOut() {
        Sums sums = sums(new float[] {3e38f, 1, 2e38f}, new float[] {-3e38f, 2, 2e38f});

        assertThat(sums.elements()).isEqualTo(2);
        assertThat(sums.change(1)).isEqualTo(1);
        assertThat(sums.infinite(1)).isZero();
        assertThat(sums.norm(0)).isCloseTo(2e38f, CLOSE);
    }

    @Test
    void figuresOfNearlyEqualModelsKeepTheirDigits() {
        float[] base = new float[4096];
        float[] tuned = new float[4096];
        Arrays.fill(base, 1);
        for (int e = 0; e < base.length; e++) {
            tuned[e] = e % 2 == 0 ? 1 + 0x1p-20f : 1 - 0x1p-20f;
        }

        Sums near = sums(base, tuned);

        assertThat(near.relativeChange(1)).isCloseTo(0x1p-20, CLOSE);
        assertThat(1 - near.cosine(0, 1)).isCloseTo(0x1p-41, within(1e-16));
    }

    @Test
    void whatDidNotChangeHasNoDirection() {
        Sums same = sums(new float[] {1, 2}, new float[] {1, 2}, new float[] {1, 3});

        assertThat(same.change(1)).isZero();
        assertThat(same.cosine(0, 1)).isCloseTo(1, within(1e-15));
        assertThat(same.changeCosine(1, 2)).isNaN();
        assertThat(same.signConflict(1, 2)).isNaN();
        assertThat(same.unchangedShare(1)).isEqualTo(1);
        assertThat(same.sample(1).headroom()).isNaN();
        assertThat(same.sample(1).vanishingShare()).isNaN();
    }

    @Test
    void sumsOfPartsAreThoseOfTheWhole() {
        float[][] front = new float[3][];
        float[][] back = new float[3][];
        for (int i = 0; i < 3; i++) {
            front[i] = Arrays.copyOf(versions[i], 3000);
            back[i] = Arrays.copyOfRange(versions[i], 3000, ELEMENTS);
        }

        Sums together = sums(front).plus(sums(back));

        assertThat(together.elements()).isEqualTo(ELEMENTS);
        assertThat(together.relativeChange(2)).isCloseTo(sums.relativeChange(2), CLOSE);
        assertThat(together.changeCosine(1, 2)).isCloseTo(sums.changeCosine(1, 2), CLOSE);
        assertThat(together.unchanged(1)).isEqualTo(sums.unchanged(1));
        assertThat(together.signConflict()).isEqualTo(sums.signConflict());
        assertThat(together.largestChange(1)).isEqualTo(sums.largestChange(1));
    }

    @Test
    void aSampleOfALargeTensorIsSpreadOverIt() {
        float[] base = new float[1 << 20];
        float[] tuned = new float[1 << 20];
        for (int e = 0; e < base.length; e++) {
            base[e] = 1;
            tuned[e] = e < base.length / 2 ? 2 : 1;
        }

        Sums sample =
                TensorSums.ofSample(1 << 16)
                        .of(
                                List.of(new ArrayTensor(base), new ArrayTensor(tuned)),
                                new SerialChunks());

        assertThat(sample.elements()).isEqualTo(1 << 16);
        assertThat(sample.unchangedShare(1)).isEqualTo(0.5);
    }
}
