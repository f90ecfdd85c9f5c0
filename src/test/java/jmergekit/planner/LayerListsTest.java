package jmergekit.planner;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import jmergekit.arch.LayerStack;
import jmergekit.planner.ConfigChanges.LayerOrigin;
import jmergekit.planner.ConfigChanges.StackChange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

final class LayerListsTest {
    @Test
    void valuesComeFromTheModelOfEachLayer() {
        assertThat(
                        gathered(
                                "layer_types",
                                layers(0, 0, 0, 1, 1, 1, 1, 2),
                                "'layer_types': ['a', 'b', 'c']",
                                "'layer_types': ['d', 'e', 'f']"))
                .isEqualTo("['a','b','e','f']");
    }

    @Test
    void theDonorSpeaksForAModelThatSaysNothing() {
        assertThat(
                        gathered(
                                "layer_types",
                                layers(0, 0, 1, 1, 1, 5),
                                "'layer_types': ['a', 'b', 'c']",
                                "'other': 1"))
                .isEqualTo("['a','b','c']");
    }

    @Test
    void aListThatIsTooShortSaysNothing() {
        assertThat(
                        gathered(
                                "layer_types",
                                layers(1, 0, 1, 2),
                                "'layer_types': ['a', 'b', 'c']",
                                "'layer_types': ['d', 'e']"))
                .isEqualTo("['d','c']");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "layers_block_type",
                "mlp_layer_types",
                "no_rope_layers",
                "block_types",
                "block_configs",
                "activation_sparsity_pattern",
                "num_key_value_heads_per_layer",
                "intermediate_size",
                "attn_type_list",
                "compress_ratios",
                "indexer_types"
            })
    void listsOfOneValuePerLayerAreKnownByName(String key) {
        assertThat(gathered(key, layers(0, 2, 0, 0), "'%s': [1, 0, 2]".formatted(key)))
                .isEqualTo("[2,1]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'eos_token_id': [1, 2, 3]",
                "'vision_feature_layers': [1, 2, 3]",
                "'layer_types': ['a', 'b']",
                "'no_rope_layers': []",
                "'no_rope_layers': [0, 1]",
                "'layer_sizes': [3, 3]",
                "'num_layers_of': [1, 2]",
                "'vision_feature_layer': [-2, 1]",
                "'mlp_only_layers': null",
                "'mlp_only_layers': [-1]",
                "'mlp_only_layers': ['0']",
                "'attention_types': [[['a'], 1000000000000]]",
                "'attention_types': [[['a'], -3]]",
                "'attention_types': 'a'",
                "'hybrid_override_pattern': 'MM'",
                "'max_window_layers': null"
            })
    void anythingElseStays(String setting) {
        assertThat(gather(layers(0, 2, 0, 0), setting)).isEmpty();
    }

    @Test
    void layerNumbersAreRenumbered() {
        assertThat(
                        gathered(
                                "mlp_only_layers",
                                layers(0, 0, 0, 1, 1, 1, 1, 2),
                                "'mlp_only_layers': [1]",
                                "'mlp_only_layers': [0, 2]"))
                .isEqualTo("[1,3]");
    }

    @Test
    void aKnownListOfLayerNumbersMayBeEmptyOrFull() {
        int[] stack = layers(0, 0, 1, 0, 0, 1);
        assertThat(gathered("moe_layers", stack, "'moe_layers': []", "'moe_layers': [0]"))
                .isEqualTo("[1]");
        assertThat(gathered("moe_layers", stack, "'moe_layers': [0, 1, 2]", "'moe_layers': []"))
                .isEqualTo("[0,2]");
    }

    @Test
    void anUnknownListOfRisingLayerNumbersIsRenumbered() {
        assertThat(gathered("dense_layers", layers(0, 2, 0, 0), "'dense_layers': [0, 1]"))
                .isEqualTo("[1]");
    }

    @Test
    void aTextOfOneCharacterPerLayerIsRearranged() {
        assertThat(
                        gathered(
                                "hybrid_override_pattern",
                                layers(0, 2, 0, 0, 1, 1),
                                "'hybrid_override_pattern': 'M-*'",
                                "'hybrid_override_pattern': 'MEM'"))
                .isEqualTo("'*ME'");
    }

    @Test
    void aRepeatedPatternIsWrittenOut() {
        assertThat(gathered("block_types", layers(0, 2, 0, 0, 0, 1), "'block_types': ['r', 'a']"))
                .isEqualTo("['r','r','a']");
    }

    @Test
    void anObjectOfLayerNumbersIsRenumbered() {
        assertThat(
                        gathered(
                                "per_layer_config",
                                layers(0, 0, 1, 2, 0, 2),
                                "'per_layer_config': {'2': 'a'}",
                                "'per_layer_config': {'2': 'b'}"))
                .isEqualTo("{'1':'b','2':'a'}");
    }

    @Test
    void numbersThatCountFromOneAreRenumberedSo() {
        assertThat(
                        gathered(
                                "linear_attn_config",
                                layers(0, 0, 0, 2, 0, 1),
                                "'linear_attn_config': {'full_attn_layers': [3], 'size': 2,"
                                        + " 'kda_layers': [1, 2]}"))
                .isEqualTo("{'full_attn_layers':[2],'size':2,'kda_layers':[1,3]}");
    }

    @Test
    void theLastLayersOfAKindAreCountedAnew() {
        String shared = "'num_kv_shared_layers': 1";
        assertThat(gathered("num_kv_shared_layers", layers(0, 0, 0, 2, 0, 2), shared))
                .isEqualTo("2");
        assertThat(gather(layers(0, 2, 0, 0), shared)).isEmpty();
    }

    @Test
    void theNumberOfTheLastLayerOfAKindFollows() {
        String end = "'moe_layer_end_index': 2";
        assertThat(gathered("moe_layer_end_index", layers(0, 0, 0, 2, 0, 1, 0, 2), end))
                .isEqualTo("3");
        assertThat(gather(layers(0, 0, 0, 2), "'moe_layer_end_index': -1")).isEmpty();
    }

    @Test
    void repeatedRunsBecomeOneRun() {
        assertThat(
                        gathered(
                                "attention_types",
                                layers(0, 0, 0, 1, 0, 1, 0, 2),
                                "'attention_types': [[['g', 'l'], 1], [['g'], 1]]"))
                .isEqualTo("[[['g','l','l','g'],1]]");
    }

    @Test
    void leadingLayersAreCountedAnew() {
        String dense = "'first_k_dense_replace': 2";
        assertThat(gathered("first_k_dense_replace", layers(0, 0, 0, 1, 0, 1, 0, 2), dense))
                .isEqualTo("3");
        assertThat(gathered("first_k_dense_replace", layers(0, 2, 0, 2), dense)).isEqualTo("0");
    }

    @Test
    void leadingLayersBehindOthersCannotBeSaid() {
        assertThat(gather(layers(0, 2, 0, 0), "'first_k_dense_replace': 1")).isEmpty();
    }

    @Test
    void allLayersStayAllLayers() {
        int[] four = layers(0, 0, 0, 1, 0, 1, 0, 2);
        assertThat(gathered("max_window_layers", four, "'max_window_layers': 3")).isEqualTo("4");
        assertThat(gathered("max_window_layers", four, "'max_window_layers': 28")).isEqualTo("28");
    }

    @Test
    void aStackWithoutLayersHasEmptyLists() {
        assertThat(gathered("layer_types", layers(), "'layer_types': ['a', 'b', 'c']"))
                .isEqualTo("[]");
    }

    private static int[] layers(int... modelsAndLayers) {
        return modelsAndLayers;
    }

    private static String gathered(String key, int[] modelsAndLayers, String... settings) {
        return gather(modelsAndLayers, settings).get(key).toString().replace('"', '\'');
    }

    /// Models of three layers, the first of them the donor.
    private static Map<String, JsonNode> gather(int[] modelsAndLayers, String... settings) {
        List<ObjectNode> configs = new ArrayList<>();
        for (String setting : settings) {
            configs.add(
                    (ObjectNode)
                            JsonMapper.shared()
                                    .readTree(
                                            "{'num_hidden_layers': 3, %s}"
                                                    .formatted(setting)
                                                    .replace('\'', '"')));
        }
        LayerStack stack =
                new LayerStack("model.layers.", "default", 3, List.of("num_hidden_layers"));
        List<LayerOrigin> origins = new ArrayList<>();
        for (int i = 0; i < modelsAndLayers.length; i += 2) {
            origins.add(new LayerOrigin(modelsAndLayers[i], modelsAndLayers[i + 1]));
        }
        return LayerLists.gather(configs, new StackChange(stack, origins), 0);
    }
}
