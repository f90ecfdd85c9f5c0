package jmergekit.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import jmergekit.arch.LayerStack;
import jmergekit.model.ConfigJson;
import jmergekit.planner.ConfigChanges;
import jmergekit.planner.ConfigChanges.LayerOrigin;
import jmergekit.planner.ConfigChanges.StackChange;
import jmergekit.tensor.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

final class OutputConfigTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'torch_dtype': 'float32', 'x': 1}|{'torch_dtype': 'bfloat16', 'x': 1}",
                "{'dtype': 'float32', 'x': 1}|{'dtype': 'bfloat16', 'x': 1}",
                "{'dtype': 'float32', 'torch_dtype': 'float32'}"
                        + "|{'dtype': 'bfloat16', 'torch_dtype': 'bfloat16'}",
                "{'torch_dtype': null}|{'torch_dtype': 'bfloat16'}",
                "{'x': 1}|{'x': 1, 'torch_dtype': 'bfloat16'}"
            })
    void dtypeIsWrittenInTheDonorsSpelling(String donor, String expected) {
        assertThat(written(dtype(DType.BF16), donor)).isEqualTo(pretty(expected));
    }

    @Test
    void nestedConfigsThatNameADtypeFollow() {
        String donor =
                "{'dtype': 'float32', 'text_config': {'dtype': 'float32', 'y': 1},"
                        + " 'vision_config': {'torch_dtype': null, 'z': 1},"
                        + " 'thinker_config': {'audio_config': {'torch_dtype': 'float32'}},"
                        + " 'other': {'dtype': 'float32'}}";
        String expected =
                "{'dtype': 'float16', 'text_config': {'dtype': 'float16', 'y': 1},"
                        + " 'vision_config': {'torch_dtype': null, 'z': 1},"
                        + " 'thinker_config': {'audio_config': {'torch_dtype': 'float16'}},"
                        + " 'other': {'dtype': 'float32'}}";
        assertThat(written(dtype(DType.F16), donor)).isEqualTo(pretty(expected));
    }

    @Test
    void withoutChangesTheDonorsConfigIsKept() {
        String donor = "{'torch_dtype': 'float32', 'num_hidden_layers': 2}";
        assertThat(written(changes(), donor)).isEqualTo(pretty(donor));
    }

    @Test
    void layerCountAndListsFollowTheLayers() {
        assertThat(
                        written(
                                stacked(List.of("num_hidden_layers"), 0, 0, 1, 1, 1, 0),
                                "{'num_hidden_layers': 2, 'layer_types': ['a', 'b'], 'x': 1}",
                                "{'num_hidden_layers': 2, 'layer_types': ['c', 'd'], 'x': 2}"))
                .isEqualTo(
                        pretty("{'num_hidden_layers': 3, 'layer_types': ['a', 'd', 'c'], 'x': 1}"));
    }

    @Test
    void listsBelongToTheObjectThatHoldsTheCount() {
        assertThat(
                        written(
                                stacked(
                                        List.of("text_config", "num_hidden_layers"),
                                        0,
                                        1,
                                        0,
                                        1,
                                        1,
                                        0),
                                "{'layer_types': ['x', 'y'], 'text_config':"
                                        + " {'num_hidden_layers': 2, 'layer_types': ['a', 'b']}}",
                                "{'layer_types': ['x', 'y']}"))
                .isEqualTo(
                        pretty(
                                "{'layer_types': ['x', 'y'], 'text_config': {'num_hidden_layers':"
                                        + " 3, 'layer_types': ['b', 'b', 'a']}}"));
    }

    @Test
    void aConfigWithoutALayerCountHasListsAllTheSame() {
        String donor = "{'layer_types': ['a', 'b'], 'x': 2}";
        assertThat(written(stacked(List.of(), 0, 1, 0, 1), donor))
                .isEqualTo(pretty("{'layer_types': ['b', 'b'], 'x': 2}"));
    }

    @Test
    void aLayerCountThatStandsTwiceIsChangedTwice() {
        String donor = "{'num_blocks': 2, 'num_hidden_layers': 2, 'n_layers': 3}";
        assertThat(written(stacked(List.of("num_hidden_layers"), 0, 1), donor))
                .isEqualTo(pretty("{'num_blocks': 1, 'num_hidden_layers': 1, 'n_layers': 3}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'vocab_size': 1}|{'vocab_size': 9}",
                "{'text_config': {'vocab_size': 1}}|{'text_config': {'vocab_size': 9}}",
                "{'vocab_size': 1, 'text_config': {'vocab_size': 1}}"
                        + "|{'vocab_size': 9, 'text_config': {'vocab_size': 9}}",
                "{'text_config': {'y': 1}}|{'text_config': {'y': 1, 'vocab_size': 9}}",
                "{'x': 1}|{'x': 1, 'vocab_size': 9}"
            })
    void vocabularySizeIsWrittenWhereItStands(String donor, String expected) {
        ConfigChanges changes =
                new ConfigChanges(
                        Optional.empty(),
                        List.of(),
                        Map.of(),
                        OptionalLong.of(9),
                        Optional.empty(),
                        false,
                        Optional.empty());
        assertThat(written(changes, donor)).isEqualTo(pretty(expected));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'x': 1}|{'x': 1, 'tie_word_embeddings': false}",
                "{'tie_word_embeddings': true, 'text_config': {'y': 1}}|{'tie_word_embeddings':"
                        + " false, 'text_config': {'y': 1, 'tie_word_embeddings': false}}",
                "{'tie_word_embeddings': false, 'text_config': {'y': 1}}"
                        + "|{'tie_word_embeddings': false, 'text_config': {'y': 1}}",
                "{'text_config': {'tie_word_embeddings': true}}|{'text_config':"
                        + " {'tie_word_embeddings': false}, 'tie_word_embeddings': false}"
            })
    void theTieFlagIsSetForTheLanguageModelToo(String donor, String expected) {
        ConfigChanges changes =
                new ConfigChanges(
                        Optional.empty(),
                        List.of(),
                        Map.of(),
                        OptionalLong.empty(),
                        Optional.of(false),
                        false,
                        Optional.empty());
        assertThat(written(changes, donor)).isEqualTo(pretty(expected));
    }

    @Test
    void numbersKeepTheirValues() {
        String donor =
                "{'a': NaN, 'b': Infinity, 'c': -Infinity, 'd': 10000.0, 'e': 1e-05, 'f': 1e-12,"
                        + " 'g': 0.30000000000000004, 'h': 12345678901234567890}";
        assertThat(written(dtype(DType.F32), donor))
                .isEqualTo(
                        """
                        {
                          "a": NaN,
                          "b": Infinity,
                          "c": -Infinity,
                          "d": 10000.0,
                          "e": 0.00001,
                          "f": 1E-12,
                          "g": 0.30000000000000004,
                          "h": 12345678901234567890,
                          "torch_dtype": "float32"
                        }
                        """);
    }

    @Test
    void theModelsOwnConfigsStayAsTheyAre() {
        ObjectNode donor = read("{'text_config': {'num_hidden_layers': 1, 'layer_types': ['a']}}");
        String before = donor.toString();
        ConfigChanges changes = stacked(List.of("text_config", "num_hidden_layers"), 0, 0, 0, 0);
        assertThat(OutputConfig.json(List.of(donor), 0, changes).toString()).isNotEqualTo(before);
        assertThat(donor.toString()).isEqualTo(before);
    }

    private static ConfigChanges changes() {
        return new ConfigChanges(
                Optional.empty(),
                List.of(),
                Map.of(),
                OptionalLong.empty(),
                Optional.empty(),
                false,
                Optional.empty());
    }

    private static ConfigChanges dtype(DType dtype) {
        return new ConfigChanges(
                Optional.of(dtype),
                List.of(),
                Map.of(),
                OptionalLong.empty(),
                Optional.empty(),
                false,
                Optional.empty());
    }

    private static ConfigChanges stacked(List<String> countKey, int... modelsAndLayers) {
        List<LayerOrigin> layers =
                IntStream.range(0, modelsAndLayers.length / 2)
                        .mapToObj(i ->
                                new LayerOrigin(modelsAndLayers[2 * i], modelsAndLayers[2 * i + 1]))
                        .toList();
        LayerStack stack = new LayerStack("model.layers.", "default", 2, countKey);
        return new ConfigChanges(
                Optional.empty(),
                List.of(new StackChange(stack, layers)),
                Map.of(),
                OptionalLong.empty(),
                Optional.empty(),
                false,
                Optional.empty());
    }

    private String written(ConfigChanges changes, String... configs) {
        List<ObjectNode> read = Arrays.stream(configs).map(this::read).toList();
        return ConfigJson.write(OutputConfig.json(read, 0, changes));
    }

    private String pretty(String json) {
        return ConfigJson.write(read(json));
    }

    private ObjectNode read(String json) {
        try {
            Path file = Files.writeString(folder.resolve("c.json"), json.replace('\'', '"'));
            return ConfigJson.readObject(file, "c.json");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
