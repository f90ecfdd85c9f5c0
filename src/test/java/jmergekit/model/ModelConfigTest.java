package jmergekit.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import jmergekit.tensor.DType;
import jmergekit.weights.JsonTree;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

final class ModelConfigTest {
    private static ModelConfig config(String json) {
        return new ModelConfig("config.json", object(json));
    }

    private static ObjectNode object(String json) {
        return (ObjectNode) JsonTree.MAPPER.readTree(json.replace('\'', '"'));
    }

    @ParameterizedTest
    @ValueSource(strings = {"text_config", "language_config", "llm_config"})
    void aLanguageModelsPartSaysWhatTheTopDoesNot(String part) {
        ModelConfig config =
                config(
                        "{'%s': {'vocab_size': 7, 'tie_word_embeddings': false, 'model_type': 'q', 'hidden_size': 4}}"
                                .formatted(part));

        assertThat(config.vocabularySize()).hasValue(7);
        assertThat(config.tieWordEmbeddings()).contains(false);
        assertThat(config.textModelType()).contains("q");
        assertThat(config.size("hidden_size")).hasValue(4);
        assertThat(config.setting("hidden_size").intValue()).isEqualTo(4);
    }

    @Test
    void theTopComesFirst() {
        ModelConfig config =
                config("{'text_config': {'a': 1, 'b': 2, 'c': 3}, 'a': 9, 'b': null, 'd': 'x'}");

        assertThat(config.size("a")).hasValue(9);
        assertThat(config.setting("b").isNull()).isTrue();
        assertThat(config.size("b")).hasValue(2);
        assertThat(config.size("d")).isEqualTo(OptionalLong.empty());
        assertThat(config.setting("e").isMissingNode()).isTrue();
    }

    @Test
    void theOlderKeyOfTheDTypeComesFirst() {
        assertThat(config("{'dtype': 'float16', 'torch_dtype': 'bfloat16'}").dtypes())
                .containsExactly(DType.BF16, DType.F16);
        assertThat(config("{'dtype': 'auto', 'torch_dtype': null}").dtypes()).isEmpty();
    }

    @Test
    void weightsAreQuantisedOnlyWhereThereAreSettingsForIt() {
        assertThat(config("{'quantization_config': null}").quantisation().isObject()).isFalse();
        assertThat(config("{'quantization_config': {'a': 1}}").quantisation().isObject()).isTrue();
    }

    @Test
    void aLevelIsAnObjectAtItsPath() {
        ObjectNode config = object("{'a': {'b': {'c': 1}}, 'd': [1]}");

        assertThat(ConfigEntries.level(config, List.of())).contains(config);
        assertThat(ConfigEntries.level(config, List.of("a", "b")))
                .hasValueSatisfying(level -> assertThat(level.path("c").intValue()).isEqualTo(1));
        assertThat(ConfigEntries.level(config, List.of("a", "x"))).isEmpty();
        assertThat(ConfigEntries.level(config, List.of("d"))).isEmpty();
    }

    /// A second place that knows a name knows only some of its spellings, or some of its levels.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "text_config",
                "torch_dtype",
                "tie_word_embeddings",
                "vocab_size",
                "quantization_config"
            })
    void aNameStandsInOnePlace(String key) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
            List<Path> places =
                    files.filter(f -> f.toString().endsWith(".java"))
                            .filter(f -> textOf(f).contains("\"" + key + "\""))
                            .toList();
            assertThat(places).hasSize(1).first().asString().endsWith("ConfigEntries.java");
        }
    }

    private static String textOf(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
