package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import jmergekit.fixture.Architecture;
import jmergekit.fixture.Cli;
import jmergekit.fixture.RecipeRun;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyModel.Values;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Merges of models with the names that real architectures have.
class ArchitectureNamesTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @MethodSource("jmergekit.fixture.Architecture#all")
    void theAverageOfAModelWithItselfIsTheModelAndNothingIsWrong(Architecture architecture) {
        architecture.write(folder.resolve("a"), 0);
        architecture.write(folder.resolve("b"), 0);

        Cli.Result result =
                new RecipeRun(folder)
                        .run(
                                """
                                merge_method: linear
                                models:
                                - {model: ./a, parameters: {weight: 0.5}}
                                - {model: ./b, parameters: {weight: 0.5}}
                                """,
                                "--strict");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err()).doesNotContain("warning");
        Map<String, Values> merged = TinyModel.read(folder.resolve("out"));
        Map<String, Values> expected = TinyModel.read(folder.resolve("a"));
        assertThat(merged.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, values) ->
                assertThat(merged.get(name).data()).as(name).isEqualTo(values.data()));
    }
}
