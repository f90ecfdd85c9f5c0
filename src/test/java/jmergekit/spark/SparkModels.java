package jmergekit.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import jmergekit.fixture.Cli;
import jmergekit.fixture.MergeFolder;
import jmergekit.fixture.TinyModel;

/// Three models and recipes for them, and what a single run makes of a recipe.
record SparkModels(Path folder) {
    static final String SHARDS = "60K";

    static final String LINEAR =
            """
            merge_method: linear
            models:
              - {model: base, parameters: {weight: 0.3}}
              - {model: chat, parameters: {weight: 0.7}}
            dtype: float32
            """;

    static final String DELLA =
            """
            merge_method: della
            base_model: base
            models:
              - {model: chat, parameters: {weight: 0.6, density: 0.5, epsilon: 0.2}}
              - {model: code, parameters: {weight: 0.4, density: 0.6, epsilon: 0.1}}
            dtype: bfloat16
            """;

    static final String TIES_UNION =
            """
            merge_method: ties
            base_model: base
            models:
              - {model: chat, parameters: {weight: 0.6, density: 0.5}}
              - {model: code, parameters: {weight: 0.4, density: 0.6}}
            tokenizer: {source: union}
            dtype: float32
            """;

    /// @param layers of each model; ten of them are about six shards
    static SparkModels write(Path folder, int layers) {
        TinyModel base = TinyModel.llama(layers, 40, false, 0);
        base.write(folder.resolve("base"), "F32");
        base.tuned(1).write(folder.resolve("chat"), "F32");
        TinyModel.llama(layers, 48, false, 2).write(folder.resolve("code"), "BF16");
        MergeFolder.plain(40).write(folder.resolve("base"));
        MergeFolder.plain(40).write(folder.resolve("chat"));
        MergeFolder.plain(48).write(folder.resolve("code"));
        return new SparkModels(folder);
    }

    /// Writes the recipe, and makes its model in this process.
    Map<String, String> single(String recipe) throws IOException {
        Files.writeString(folder.resolve("recipe.yml"), recipe);
        Path out = Files.createDirectories(folder.resolve("single")).resolve("out");
        Cli.Result result =
                Cli.run(
                        folder,
                        "yaml",
                        "recipe.yml",
                        "single/out",
                        "--overwrite",
                        "--out-shard-size",
                        SHARDS);
        assertThat(result.code()).as(result.err()).isZero();
        return files(out);
    }

    /// The files of the cluster's output, which is all that there is in its folder.
    Map<String, String> made() throws IOException {
        assertThat(names(folder.resolve("made"))).containsExactly("out");
        return files(folder.resolve("made/out"));
    }

    /// What is in a folder.
    static List<String> names(Path folder) throws IOException {
        try (Stream<Path> names = Files.list(folder)) {
            return names.map(p -> p.getFileName().toString()).toList();
        }
    }

    /// All files in it, by what they are called there.
    static Map<String, String> files(Path folder) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.put(
                        folder.relativize(file).toString(),
                        HexFormat.of().formatHex(Files.readAllBytes(file)));
            }
        }
        return contents;
    }
}
