package jmergekit.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class NameRangesTest {
    @Test
    void namesThatDifferInANumberBecomeOne() {
        assertThat(NameRanges.of(List.of("l.0.a", "l.0.b", "l.1.a", "l.2.a", "l.4.a", "norm")))
                .containsExactly("l.[0-2,4].a", "l.0.b", "norm");
    }

    @Test
    void onlyTheFirstNumberCounts() {
        assertThat(NameRanges.of(List.of("l.0.experts.0.w", "l.1.experts.0.w", "l.0.experts.1.w")))
                .containsExactly("l.[0-1].experts.0.w", "l.0.experts.1.w");
    }

    @Test
    void nothingGivesNothing() {
        assertThat(NameRanges.of(List.of())).isEmpty();
    }
}
