package jmergekit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import jmergekit.fixture.Cli;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyTokenizer;
import jmergekit.method.MergeMethods;
import jmergekit.method.MethodInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Rows are brought together before a method sees them, so every method merges vocabularies.
class MergedVocabularyTest {
    private static final int ROWS = 40;

    @TempDir private Path folder;

    static SortedSet<String> methods() {
        return new TreeSet<>(MethodRuns.METHODS);
    }

    @ParameterizedTest
    @MethodSource("methods")
    void everyMethodMergesVocabularies(String method) throws IOException {
        for (int m = 0; m < 3; m++) {
            List<String> tokens = new ArrayList<>();
            for (int i = 0; i < ROWS; i++) {
                tokens.add("t" + (ROWS + m * 2 - i));
            }
            TinyTokenizer.of(tokens).write(folder.resolve("m" + m));
            TinyModel.llama(1, ROWS, false, m).write(folder.resolve("m" + m), "F32");
        }
        MethodInfo info = MergeMethods.builtIn().named(method).orElseThrow().info();
        Files.writeString(
                folder.resolve("recipe.yml"),
                MethodRuns.recipe(info) + "tokenizer: {source: union, pad_to_multiple_of: 16}\n");

        Cli.Result result = Cli.run(folder, "yaml", "recipe.yml", "out", "-q", "--strict");

        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isZero();
        for (String tensor : List.of("model.embed_tokens.weight", "lm_head.weight")) {
            TinyModel.Values rows = TinyModel.read(folder.resolve("out")).get(tensor);
            assertThat(rows.shape()).containsExactly(48, 32);
            for (float value : rows.data()) {
                assertThat(value).isFinite();
            }
        }
    }
}
