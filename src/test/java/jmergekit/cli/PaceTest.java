package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class PaceTest {
    private static final long SECOND = 1_000_000_000L;

    private final Pace pace = new Pace(1000);

    @Test
    void thereIsNoEstimateBeforeOneMeansSomething() {
        pace.note(SECOND / 100, 1);
        assertThat(pace.speed()).isEmpty();
        assertThat(pace.left()).isEmpty();
        pace.note(5 * SECOND, 19);
        assertThat(pace.left()).as("less than a fiftieth is done").isEmpty();
        pace.note(5 * SECOND, 20);
        // (5 - 0.01) / 19 seconds a byte of late, 5 / 20 in all, for 980 bytes.
        assertThat(pace.left()).contains(Duration.ofSeconds(254));
    }

    @Test
    void aLongMergeGetsOneAfterAWhile() {
        pace.note(19 * SECOND, 2);
        assertThat(pace.left()).isEmpty();
        pace.note(20 * SECOND, 2);
        assertThat(pace.left()).contains(Duration.ofSeconds(9980));
    }

    @Test
    void aFirstTensorThatIsTinySaysNothing() {
        pace.note(60 * SECOND, 1);
        assertThat(pace.speed()).isEmpty();
        assertThat(pace.left()).isEmpty();
    }

    @Test
    void withoutAnythingDoneThereIsNone() {
        pace.note(60 * SECOND, 0);
        assertThat(pace.speed()).isEmpty();
        assertThat(pace.left()).isEmpty();
    }

    @Test
    void theLastHalfCountsMostly() {
        for (int second = 1; second <= 60; second++) {
            pace.note(second * SECOND, second <= 30 ? second : 30 + (second - 30) * 10);
        }

        // 670 bytes at 0.7 · 30 / 300 + 0.3 · 60 / 330 seconds each.
        assertThat(pace.speed()).hasValue(10);
        assertThat(pace.left()).contains(Duration.ofSeconds(83));
    }

    @Test
    void theProgramsOwnStartDoesNotCount() {
        pace.note(SECOND, 0);
        pace.note(11 * SECOND, 500);

        assertThat(pace.left()).contains(Duration.ofSeconds(10));
    }
}
