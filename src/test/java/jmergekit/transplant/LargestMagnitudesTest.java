package jmergekit.transplant;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LargestMagnitudesTest {
    private final LargestMagnitudes largest = new LargestMagnitudes();

    private int[] places(int most, float... values) {
        float[] behind = new float[values.length + 2];
        Arrays.fill(behind, 1e30f);
        System.arraycopy(values, 0, behind, 2, values.length);
        int[] into = new int[most];
        int found = largest.find(behind, 2, values.length, most, into);
        return Arrays.copyOf(into, found);
    }

    @Test
    void signsDoNotCount() {
        assertThat(places(2, 1, -8, 4, -2)).containsExactly(1, 2);
    }

    @Test
    void ofEqualOnesTheFirstCount() {
        assertThat(places(2, 3, 5, 3, -3)).containsExactly(0, 1);
    }

    @Test
    void noMoreThanThereAre() {
        assertThat(places(5, 0, 2)).containsExactly(0, 1);
    }

    @Test
    void whatIsLeftOutIsHardlyLargerThanWhatIsTaken() {
        Random random = new Random(2);
        float[] values = new float[3000];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        int[] found = places(500, values);
        float[] sorted = values.clone();
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = Math.abs(sorted[i]);
        }
        Arrays.sort(sorted);

        assertThat(found).hasSize(500).isSorted().doesNotHaveDuplicates();
        for (int place : found) {
            assertThat(Math.abs(values[place])).isGreaterThan(0.99f * sorted[2500]);
        }
    }
}
