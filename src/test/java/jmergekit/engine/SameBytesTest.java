package jmergekit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import jmergekit.fixture.Cli;
import jmergekit.fixture.JavaProcess;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// The same recipe and inputs give the same files, whatever the number of threads and the width of
/// vectors.
class SameBytesTest {
    static final List<String> METHODS = MethodRuns.METHODS;

    @TempDir private static Path folder;

    @BeforeAll
    static void mergeOnOneThread() throws IOException {
        MethodRuns.writeModels(folder);
        MethodRuns.main(new String[] {folder.toString(), folder.resolve("1").toString(), "1"});
    }

    @ParameterizedTest
    @FieldSource("METHODS")
    void outputDoesNotDependOnTheNumberOfThreads(String method) throws IOException {
        Path expected = folder.resolve("1").resolve(method).resolve("model.safetensors");

        assertThat(MethodRuns.run(method, folder, folder.resolve("7"), "7"))
                .hasSameBinaryContentAs(expected);
    }

    @Test
    void runsAreRepeatable() throws IOException {
        assertThat(MethodRuns.run("della", folder, folder.resolve("again"), "1"))
                .hasSameBinaryContentAs(folder.resolve("1/della/model.safetensors"));
    }

    @Test
    void outputDoesNotDependOnTheWidthOfVectors() throws IOException, InterruptedException {
        assertSameIn("-Djmergekit.vectorBits=128");
    }

    @Test
    void outputDoesNotDependOnVectorInstructions() throws IOException, InterruptedException {
        assertSameIn("-Djmergekit.tileOps=scalar");
    }

    private static void assertSameIn(String property) throws IOException, InterruptedException {
        Path merges = folder.resolve(property);
        Cli.Result result =
                JavaProcess.run(
                        folder,
                        Map.of(),
                        List.of(property),
                        MethodRuns.class,
                        folder.toString(),
                        merges.toString(),
                        "2");
        assertThat(result.code()).as(result.err()).isZero();

        for (String method : METHODS) {
            assertThat(merges.resolve(method).resolve("model.safetensors"))
                    .hasSameBinaryContentAs(
                            folder.resolve("1").resolve(method).resolve("model.safetensors"));
        }
    }
}
