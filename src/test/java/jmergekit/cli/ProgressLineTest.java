package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProgressLineTest {
    private static final ProgressLine LINE =
            new ProgressLine(
                    "merging",
                    147_000_000,
                    791_000_000,
                    "11/111 tensors",
                    OptionalDouble.of(49.3e6),
                    Optional.of(Duration.ofSeconds(13)));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            textBlock =
                    """
                    12|merging  18%
                    24|merging  18%, 0:13 left
                    40|merging  18%, 147 of 791 MB, 0:13 left
                    60|merging  18%, 147 of 791 MB, 11/111 tensors, 0:13 left
                    80|merging  18% [=>            ] 147 of 791 MB, 11/111 tensors, 49 MB/s, 0:13 left
                    100|merging  18% [=====>                            ] 147 of 791 MB, 11/111 tensors, 49 MB/s, 0:13 left
                    200|merging  18% [======>                                 ] 147 of 791 MB, 11/111 tensors, 49 MB/s, 0:13 left\
                    """)
    void aLineFillsItsWidth(int width, String text) {
        assertThat(LINE.text(width)).isEqualTo(text);
    }

    @Test
    void aLineIsNeverWider() {
        for (int width = 0; width < 220; width++) {
            assertThat(LINE.text(width).length()).isLessThanOrEqualTo(width);
        }
    }

    @Test
    void withoutAnEstimateThereIsNone() {
        ProgressLine line =
                new ProgressLine(
                        "downloading",
                        0,
                        5_300_000_000L,
                        "",
                        OptionalDouble.empty(),
                        Optional.empty());
        assertThat(line.text(60))
                .isEqualTo("downloading   0% [                          ] 0.0 of 5.3 GB");
    }

    @Test
    void theEndIsFull() {
        ProgressLine line =
                new ProgressLine(
                        "merging",
                        500_000,
                        500_000,
                        "2/2 tensors",
                        OptionalDouble.of(2e6),
                        Optional.of(Duration.ofHours(1).plusSeconds(5)));
        assertThat(line.text(70))
                .isEqualTo("merging 100%, 500 of 500 KB, 2/2 tensors, 2 MB/s, 1:00:05 left");
    }

    @Test
    void nothingToDoIsDone() {
        assertThat(
                        new ProgressLine(
                                        "merging",
                                        0,
                                        0,
                                        "",
                                        OptionalDouble.empty(),
                                        Optional.empty())
                                .text(40))
                .startsWith("merging 100%");
    }
}
