package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import jmergekit.fixture.Cli;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyTokenizer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// Three recipes, of which the later use the earlier, and small models `a`, `b` and `c` for them.
abstract class MultiRuns {
    static final String FIRST =
            """
            name: first
            merge_method: linear
            models:
              - {model: a, parameters: {weight: 0.5}}
              - {model: b, parameters: {weight: 0.7}}
            dtype: %1$s
            """;

    static final String SECOND =
            """
            name: second
            merge_method: ties
            base_model: a
            models:
              - {model: first, parameters: {weight: 1, density: 0.4}}
              - {model: c, parameters: {weight: 0.5, density: 0.6}}
            dtype: %1$s
            """;

    static final String LAST =
            """
            merge_method: slerp
            base_model: second
            models: [{model: first}]
            parameters: {t: 0.3}
            dtype: %2$s
            """;

    @TempDir Path folder;

    @BeforeEach
    void writeModels() {
        TinyTokenizer.of(List.of("x", "y")).write(folder.resolve("a"));
        TinyTokenizer.of(List.of("x", "z")).write(folder.resolve("b"));
        TinyModel.llama(2, 16, false, 0).write(folder.resolve("a"), "F32");
        TinyModel.llama(2, 16, false, 0).tuned(1).write(folder.resolve("b"), "F32");
        TinyModel.llama(2, 16, false, 0).tuned(2).write(folder.resolve("c"), "F32");
    }

    Cli.Result multi(String recipes, String... more) {
        write("all.yml", recipes);
        List<String> args = new ArrayList<>(List.of("multi", "all.yml"));
        args.addAll(List.of(more));
        return Cli.run(folder, args.toArray(String[]::new));
    }

    void write(String name, String text) {
        try {
            Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String stages(String inner, String last) {
        return (LAST + "---\n" + SECOND + "---\n" + FIRST).formatted(inner, last);
    }

    void step(String recipe, String output) {
        write("step.yml", recipe);
        Cli.Result result = Cli.run(folder, "yaml", "step.yml", output);
        assertThat(result.code()).as(result.err()).isZero();
    }

    byte[] weights(String output) throws IOException {
        return Files.readAllBytes(folder.resolve(output).resolve("model.safetensors"));
    }

    List<String> names(String path) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(path))) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }
}
