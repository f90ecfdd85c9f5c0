package jmergekit.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RangesTest {
    private final Ranges ranges = new Ranges();

    @Test
    void neighboursBecomeOne() {
        ranges.add(0, 10);
        ranges.add(20, 30);
        assertThat(ranges.holdsAll(0, 30)).isFalse();

        ranges.add(10, 20);

        assertThat(ranges.holdsAll(0, 30)).isTrue();
        assertThat(ranges.holdsAny(30, 40)).isFalse();
    }

    @Test
    void aHoleLeavesBothSides() {
        ranges.add(0, 30);

        ranges.remove(10, 20);

        assertThat(ranges.holdsAll(0, 10)).isTrue();
        assertThat(ranges.holdsAny(10, 20)).isFalse();
        assertThat(ranges.holdsAll(20, 30)).isTrue();
    }

    @Test
    void nothingIsHeldOfAnEmptyRange() {
        ranges.add(5, 5);

        assertThat(ranges.holdsAny(0, 10)).isFalse();
        assertThat(ranges.holdsAll(7, 7)).isTrue();
    }

    @Test
    void theyAreASetOfNumbers() {
        Random random = new Random(3);
        BitSet set = new BitSet();
        for (int i = 0; i < 5000; i++) {
            int begin = random.nextInt(60);
            int end = begin + random.nextInt(12);
            if (random.nextBoolean()) {
                ranges.add(begin, end);
                set.set(begin, end);
            } else {
                ranges.remove(begin, end);
                set.clear(begin, end);
            }
            int from = random.nextInt(60);
            int to = from + random.nextInt(12);
            assertThat(ranges.holdsAll(from, to))
                    .isEqualTo(set.get(from, to).cardinality() == to - from);
            assertThat(ranges.holdsAny(from, to)).isEqualTo(!set.get(from, to).isEmpty());
        }
    }
}
