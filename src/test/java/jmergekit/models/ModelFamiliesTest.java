package jmergekit.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import jmergekit.fixture.ModelFamily;
import jmergekit.fixture.RecipeRun;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyModel.Values;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The families that docs/reference/models.md lists, with the names, shapes and settings of the hub's
/// checkpoints.
final class ModelFamiliesTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @MergedFamilies
    void linearIsTheMeanOfEveryTensor(String name) {
        ModelFamily family = ModelFamily.of(name);
        family.write(folder.resolve("a"), 1);
        family.write(folder.resolve("b"), 2);

        Map<String, Values> out =
                run().merge(
                                """
                                merge_method: linear
                                models:
                                - {model: ./a, parameters: {weight: 1}}
                                - {model: ./b, parameters: {weight: 1}}
                                """);

        assertThat(shapes(out)).isEqualTo(shapes(family));
        Map<String, Values> a = TinyModel.read(folder.resolve("a"));
        Map<String, Values> b = TinyModel.read(folder.resolve("b"));
        out.forEach((tensor, values) ->
                assertThat(values.data())
                        .as(tensor)
                        .isEqualTo(mean(a.get(tensor).data(), b.get(tensor).data())));
        assertThat(settings(run().config())).isEqualTo(settings(family.config()));
    }

    @ParameterizedTest
    @MergedFamilies
    void tiesMergesEveryTensor(String name) {
        ModelFamily family = ModelFamily.of(name);
        family.write(folder.resolve("base"), 0);
        family.write(folder.resolve("a"), 1);
        family.write(folder.resolve("b"), 2);

        Map<String, Values> out =
                run().merge(
                                """
                                merge_method: ties
                                base_model: ./base
                                models:
                                - {model: ./a, parameters: {weight: 0.5, density: 0.5}}
                                - {model: ./b, parameters: {weight: 0.5, density: 0.5}}
                                """);

        assertThat(shapes(out)).isEqualTo(shapes(family));
        Map<String, Values> base = TinyModel.read(folder.resolve("base"));
        assertThat(out)
                .allSatisfy((tensor, values) -> {
                    if (!tensor.endsWith("tid2eid")) {
                        assertThat(values.data()).isNotEqualTo(base.get(tensor).data());
                    }
                });
        assertThat(settings(run().config())).isEqualTo(settings(family.config()));
    }

    @ParameterizedTest
    @MergedFamilies
    void passthroughCopiesEveryTensor(String name) {
        ModelFamily family = ModelFamily.of(name);
        family.write(folder.resolve("a"), 1);

        run().merge("merge_method: passthrough\nmodels: [{model: ./a}]\n");

        assertThat(folder.resolve("out/model.safetensors")).exists();
        Map<String, Values> a = TinyModel.read(folder.resolve("a"));
        TinyModel.read(folder.resolve("out"))
                .forEach((tensor, values) ->
                        assertThat(values.data()).as(tensor).isEqualTo(a.get(tensor).data()));
        assertThat(settings(run().config())).isEqualTo(settings(family.config()));
    }

    @ParameterizedTest
    @MergedFamilies
    void slicesStackLayersOfTheirKinds(String name) {
        ModelFamily family = ModelFamily.of(name);
        family.write(folder.resolve("a"), 1);
        String sources =
                family.slices().stream()
                        .map(r -> "- sources: [{model: ./a, layer_range: %s}]\n".formatted(r))
                        .collect(Collectors.joining());

        Map<String, Values> out = run().merge("merge_method: passthrough\nslices:\n" + sources);

        assertThat(out.keySet()).isEqualTo(family.stacked().keySet());
        Map<String, Values> a = TinyModel.read(folder.resolve("a"));
        out.forEach((tensor, values) ->
                assertThat(values.data())
                        .as(tensor)
                        .isEqualTo(stacked(family, tensor, a.get(family.stacked().get(tensor)))));
        assertSettingsOfLayers(family, ModelFamily.text(run().config()));
    }

    // Gemma's tables and projections for single layers are a block for each layer, side by side.
    private static float[] stacked(ModelFamily family, String tensor, Values values) {
        int rows = values.shape().getFirst();
        int columns = values.data().length / rows;
        if (tensor.endsWith("embed_tokens_per_layer.weight")) {
            return blocks(values.data(), rows, columns / family.layers(), family);
        }
        if (tensor.endsWith("per_layer_model_projection.weight")) {
            return blocks(values.data(), 1, rows / family.layers() * columns, family);
        }
        return values.data();
    }

    private static float[] blocks(float[] data, int rows, int length, ModelFamily family) {
        FloatBuffer blocks = FloatBuffer.allocate(rows * length * family.order().size());
        for (int row = 0; row < rows; row++) {
            for (int layer : family.order()) {
                blocks.put(data, (row * family.layers() + layer) * length, length);
            }
        }
        return blocks.array();
    }

    private static void assertSettingsOfLayers(ModelFamily family, JsonNode text) {
        JsonNode before = ModelFamily.text(family.config());
        assertThat(text.path("num_hidden_layers").intValue()).isEqualTo(family.order().size());
        for (String key : List.of("layer_types", "mlp_layer_types", "indexer_types")) {
            List<JsonNode> kinds = new ArrayList<>();
            if (before.has(key)) {
                family.order().forEach(i -> kinds.add(before.path(key).get(i)));
            }
            assertThat(text.path(key)).as(key).containsExactlyElementsOf(kinds);
        }
        for (String key : List.of("num_nextn_predict_layers", "mtp_num_hidden_layers")) {
            assertThat(text.path(key)).as(key).isEqualTo(before.path(key));
        }
    }

    private static float[] mean(float[] a, float[] b) {
        float[] mean = new float[a.length];
        for (int i = 0; i < a.length; i++) {
            mean[i] = (a[i] + b[i]) / 2;
        }
        return mean;
    }

    private static Map<String, List<Integer>> shapes(ModelFamily family) {
        return family.tensors().values().stream()
                .collect(Collectors.toMap(t -> t.name(), t -> t.shape()));
    }

    private static Map<String, List<Integer>> shapes(Map<String, Values> tensors) {
        return tensors.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().shape()));
    }

    /// Without what says which program wrote the file.
    private static ObjectNode settings(ObjectNode config) {
        ObjectNode settings = config.deepCopy();
        settings.remove(List.of("transformers_version", "dtype", "torch_dtype"));
        return settings;
    }

    private RecipeRun run() {
        return new RecipeRun(folder);
    }
}
