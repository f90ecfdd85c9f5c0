package jmergekit.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class QuietErrorsTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream errors =
            new QuietErrors(new PrintStream(bytes, true, StandardCharsets.UTF_8));

    @Test
    void tracesOfRejectedTasksAreLeftOut() {
        errors.println("before");
        new RejectedExecutionException("Task rejected").printStackTrace(errors);
        errors.println("after");

        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualToIgnoringNewLines("beforeafter");
    }

    @Test
    void otherTracesAreWhole() {
        new RejectedExecutionException("Task rejected").printStackTrace(errors);
        new IllegalStateException("a defect").printStackTrace(errors);

        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .startsWith("java.lang.IllegalStateException: a defect")
                .contains("\tat jmergekit.spark.QuietErrorsTest.otherTracesAreWhole")
                .doesNotContain("Task rejected");
    }
}
