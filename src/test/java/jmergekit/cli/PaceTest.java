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
        assertThat(pace.left()).contains(Duration.ofSeconds(245));
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
    void theLastHalfMinuteCounts() {
        for (int second = 1; second <= 60; second++) {
            pace.note(second * SECOND, Math.max(0, second - 30) * 10);
        }
        assertThat(pace.speed()).hasValue(10);
        assertThat(pace.left()).contains(Duration.ofSeconds(70));
    }
}
