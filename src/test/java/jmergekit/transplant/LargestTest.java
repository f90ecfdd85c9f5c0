package jmergekit.transplant;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LargestTest {
    private static int[] found(int count, float... keys) {
        Largest largest = new Largest(count);
        for (int i = 0; i < keys.length; i++) {
            largest.offer(keys[i], i);
        }
        int[] places = new int[count];
        int n = largest.drain(places);
        return Arrays.copyOf(places, n);
    }

    @Test
    void negativeNumbersAreSmallerThanZero() {
        assertThat(found(2, -3, 0, -1, -2)).containsExactly(1, 2);
    }

    @Test
    void ofEqualKeysTheFirstCount() {
        assertThat(found(2, 5, 7, 5, 5)).containsExactly(0, 1);
    }

    @Test
    void fewerThanWantedAreAll() {
        assertThat(found(4, 2, 1)).containsExactly(0, 1);
    }

    @Test
    void notANumberIsTheSmallest() {
        assertThat(found(1, Float.NaN, -1e30f)).containsExactly(1);
    }

    @Test
    void theyAreThoseThatSortingFinds() {
        Random random = new Random(4);
        float[] keys = new float[1000];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = (float) random.nextGaussian();
        }

        int[] wanted =
                IntStream.range(0, keys.length)
                        .boxed()
                        .sorted(Comparator.comparingDouble((Integer i) -> -keys[i]))
                        .limit(100)
                        .mapToInt(i -> i)
                        .sorted()
                        .toArray();

        assertThat(found(100, keys)).isEqualTo(wanted);
    }
}
