package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/// The time left, on courses that merges take, in simulated time.
class PaceErrorsTest {
    private static final DoubleUnaryOperator CONSTANT = t -> t / 200;

    /// After the first tenth of all bytes the foretold end is right within a fifth.
    private static void assertRight(double seconds, DoubleUnaryOperator done, double share) {
        PaceErrors errors = PaceErrors.of(seconds, done);

        assertThat(errors.offs().size()).isGreaterThan(errors.looks() * 9 / 10);
        assertThat(errors.right()).as(errors.toString()).isGreaterThanOrEqualTo(share);
        assertThat(errors.median()).as(errors.toString()).isLessThan(0.05);
    }

    @Test
    void atConstantSpeedItIsExact() {
        assertThat(PaceErrors.of(200, CONSTANT).worst()).isLessThan(0.01);
    }

    @Test
    void tensorsMayEndInBursts() {
        assertRight(200, t -> Math.floor(t / 4) * 4 / 200, 1);
    }

    /// Bytes stand still while a shard of sixteen seconds is brought to the disk for three.
    @Test
    void shardsAreBroughtToTheDisk() {
        assertRight(114, t -> (Math.floor(t / 19) * 16 + Math.min(t % 19, 16)) / 96, 1);
    }

    @Test
    void theLastFilesAreBroughtToTheDisk() {
        assertThat(PaceErrors.of(200, t -> Math.min(t / 180, 0.999)).worst()).isLessThan(0.12);
    }

    /// Twenty seconds at a fifth of the speed, as with a cold cache.
    @Test
    void aSlowStartIsForgotten() {
        assertRight(216, t -> (t < 20 ? t / 5 : t - 16) / 200, 0.97);
    }

    @Test
    void aLongSlowStartIsForgotten() {
        assertRight(630, t -> (t < 60 ? t / 2 : t - 30) / 600, 0.97);
    }

    /// A fifth of all bytes are embeddings. They are read once before the first byte is made.
    @Test
    void largeTensorsComeFirst() {
        assertRight(200, t -> t < 20 ? 0 : t < 40 ? (t - 20) / 100 : t / 200, 0.9);
    }
}
