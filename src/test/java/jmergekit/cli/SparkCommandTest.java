package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import jmergekit.fixture.Cli;
import jmergekit.fixture.TinyModel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is told without a cluster.
class SparkCommandTest {
    private static final String RECIPE =
            """
            merge_method: passthrough
            models:
              - model: a
            """;

    @TempDir private Path folder;

    @BeforeEach
    void writeModel() throws IOException {
        TinyModel.llama(1, 8, false, 0).write(folder.resolve("a"), "F32");
        Files.writeString(folder.resolve("recipe.yml"), RECIPE);
    }

    private Cli.Result run(String... more) {
        String[] args = new String[more.length + 3];
        args[0] = "spark";
        args[1] = "recipe.yml";
        args[2] = "out";
        System.arraycopy(more, 0, args, 3, more.length);
        return Cli.run(folder, args);
    }

    @Test
    void withoutSparkTheMessageSaysHowToGetIt() {
        Cli.Result result = run("--master", "local[2]");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .isEqualTo(
                        "error: SPARK_HOME: Apache Spark was not found (expected the folder of"
                                + " Spark 4.2, with its jars in 'jars'); 'scripts/spark-home"
                                + " DIR' makes such a folder; then set SPARK_HOME=DIR\n");
        assertThat(folder.resolve("out")).doesNotExist();
        assertThat(folder.resolve("out.partial")).doesNotExist();
    }

    @Test
    void aMasterIsNeeded() {
        Cli.Result result = run();

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .isEqualTo(
                        "error: --master: the option is missing (expected the cluster, such as"
                                + " spark://HOST:7077)\n");
    }

    @Test
    void settingsAreSparks() {
        Cli.Result result = run("--conf", "task.cpus=2", "--conf", "spark.task.cpus=2");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .contains(
                        "error: --conf: this is not a Spark setting (expected spark.…=VALUE, "
                                + "found 'task.cpus')\n");
    }

    @Test
    void gpusAreRefused() {
        Cli.Result result = run("--dry-run", "--device", "auto");
        Cli.Result cuda = run("--dry-run", "--cuda");

        assertThat(result.code()).isZero();
        assertThat(cuda.code()).isEqualTo(2);
        assertThat(cuda.err())
                .contains("error: --device, --cuda: mergekit spark only computes on the CPU");
    }

    @Test
    void aDryRunNeedsNoCluster() {
        Cli.Result result = run("--dry-run");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out()).contains("model.layers.0.mlp.up_proj.weight");
    }
}
