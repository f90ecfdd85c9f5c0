package jmergekit.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Spark's own words, as version 4.2 has them.
class TaskFailureTest {
    private static String told(String message) {
        return String.valueOf(
                new TaskFailure("--master", List.of("a", "b", "c"))
                        .of(new IllegalStateException(message))
                        .getMessage());
    }

    @Test
    void aLostExecutorNamesTheJob() {
        assertThat(
                        told(
                                "Job aborted due to stage failure: Task 1 in stage 0.0 failed 4 times,"
                                        + " most recent failure: Lost task 1.3 in stage 0.0 (TID 9)"
                                        + " (10.0.0.3 executor 4): ExecutorLostFailure (executor 4 exited"
                                        + " caused by one of the running tasks) Reason: Command exited"
                                        + " with code 137\nDriver stacktrace:"))
                .isEqualTo(
                        "b: could not be made in 4 attempts (found Command exited with code 137);"
                                + " see the logs of Spark's executors; spark.executor.memory is"
                                + " the memory of each");
    }

    @Test
    void executorsWithoutTheProgramAreTold() {
        assertThat(
                        told(
                                "Job aborted due to stage failure: Task 0 in stage 0.0 failed 4 times, most"
                                        + " recent failure: java.lang.ClassNotFoundException:"
                                        + " jmergekit.cluster.ShardJob\n\tat java.base/java.net"))
                .startsWith(
                        "--master: the executors do not have jmergekit (found ClassNotFoundException:"
                                + " jmergekit.cluster.ShardJob); they need Java 25, and jmergekit at the"
                                + " path that it has here: ");
    }

    @Test
    void anOldJavaIsTold() {
        assertThat(
                        told(
                                "java.lang.UnsupportedClassVersionError: jmergekit/cluster/ShardJob has been"
                                        + " compiled by a more recent version\n\tat"))
                .contains("they need Java 25");
    }

    @Test
    void aClusterThatIsGoneIsTold() {
        assertThat(
                        told(
                                "Job aborted due to stage failure: Task serialization failed:"
                                        + " java.lang.IllegalStateException: Cannot call methods on a"
                                        + " stopped SparkContext.\nThis stopped"))
                .startsWith("--master: Spark has given up: its master or its executors are gone;");
    }

    @Test
    void anythingElseIsOneLine() {
        assertThat(told("All masters are unresponsive! Giving up.\n\tat x"))
                .isEqualTo(
                        "--master: Spark has given up (found All masters are unresponsive! Giving up.)");
    }
}
