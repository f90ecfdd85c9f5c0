package jmergekit.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShardSharesTest {
    @Test
    void theLargestGoesToTheOneWithTheLeast() {
        // 9 | 7 | 6, then 5 to the third, 4 to the second, 2 to the first: 11 each.
        assertThat(ShardShares.of(List.of(2L, 9L, 6L, 5L, 7L, 4L), 3))
                .containsExactly(List.of(0, 1), List.of(4, 5), List.of(2, 3));
    }

    @Test
    void equalShardsGoAroundInOrder() {
        assertThat(ShardShares.of(Collections.nCopies(7, 5L), 3))
                .containsExactly(List.of(0, 3, 6), List.of(1, 4), List.of(2, 5));
    }

    @Test
    void sharesInExcessAreEmpty() {
        assertThat(ShardShares.of(List.of(3L, 4L), 4))
                .containsExactly(List.of(1), List.of(0), List.of(), List.of());
        assertThat(ShardShares.of(List.of(), 2)).containsExactly(List.of(), List.of());
        assertThatThrownBy(() -> ShardShares.of(List.of(1L), 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyShardIsInOneShareAndNoneHasMuchMoreThanOthers() {
        Random random = new Random(1);
        List<Long> bytes = new ArrayList<>();
        for (int i = 0; i < 270; i++) {
            bytes.add(i % 50 == 0 ? 1 + random.nextInt(100) : 100 + random.nextLong(20));
        }

        List<List<Integer>> shares = ShardShares.of(bytes, 64);

        assertThat(shares.stream().flatMap(List::stream).sorted().toList())
                .isEqualTo(IntStream.range(0, 270).boxed().toList());
        double mean = bytes.stream().mapToLong(Long::longValue).sum() / 64.0;
        assertThat(shares)
                .allSatisfy(share ->
                        assertThat(share.stream().mapToLong(bytes::get).sum())
                                .isLessThanOrEqualTo((long) (1.2 * mean)));
    }
}
