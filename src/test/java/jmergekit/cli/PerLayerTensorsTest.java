package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import jmergekit.fixture.Cli;
import jmergekit.fixture.RecipeRun;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyModel.Values;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Stacks of models with tensors around the layers that hold a block for each layer.
final class PerLayerTensorsTest {
    private static final String TABLE = "model.embed_tokens_per_layer.weight";
    private static final String PROJECTION = "model.per_layer_model_projection.weight";
    private static final String NORM = "model.per_layer_projection_norm.weight";
    private static final String SCALARS = "model.layer_lambdas";

    private static final String STACK =
            """
            merge_method: passthrough
            slices:
              - sources: [{model: ./A, layer_range: [0, 2]}]
              - sources: [{model: %s, layer_range: [1, 3]}]
            """;

    @TempDir private Path folder;

    @Test
    void aStackHasTheBlocksOfItsLayers() {
        model(0).write(folder.resolve("A"), "F32");

        Map<String, Values> out = merge(STACK.formatted("./A"));

        assertThat(out.get(TABLE).shape()).containsExactly(2, 8);
        assertThat(out.get(TABLE).data())
                .containsExactly(
                        0, 1, 10, 11, 10, 11, 20, 21, 100, 101, 110, 111, 110, 111, 120, 121);
        assertThat(out.get(PROJECTION).shape()).containsExactly(8, 2);
        assertThat(out.get(PROJECTION).data())
                .containsExactly(0, 1, 2, 3, 10, 11, 12, 13, 10, 11, 12, 13, 20, 21, 22, 23);
        assertThat(out.get(SCALARS).data()).containsExactly(7, 8, 8, 9);
        assertThat(out.get(NORM).data()).containsExactly(1, 2);
    }

    @Test
    void aPlanListsTheBlocksOnceBelowTheirTensor() {
        model(0).write(folder.resolve("A"), "F32");

        Cli.Result result = new RecipeRun(folder).run(STACK.formatted("./A"), "--dry-run");

        List<String> lines = result.out().lines().toList();
        List<String> blocks =
                lines.stream()
                        .filter(l -> l.contains(SCALARS) && l.contains("blocks of layers"))
                        .toList();
        assertThat(blocks).hasSize(1);
        assertThat(blocks.getFirst()).contains("./A: " + SCALARS, "blocks of layers 0, 1, 1, 2 of");
        assertThat(lines.get(lines.indexOf(blocks.getFirst()) - 1)).startsWith("  " + SCALARS);
    }

    @Test
    void theBlocksComeFromTheModelsOfTheLayers() {
        model(0).write(folder.resolve("A"), "F32");
        model(500).write(folder.resolve("B"), "F16");

        Map<String, Values> out = merge(STACK.formatted("./B"));

        assertThat(out.get(SCALARS).data()).containsExactly(7, 8, 508, 509);
        assertThat(out.get(PROJECTION).data()[15]).isEqualTo(523);
    }

    @Test
    void mergedSlicesMergeTheirBlocks() {
        model(0).write(folder.resolve("A"), "F32");
        model(100).write(folder.resolve("B"), "F32");

        Map<String, Values> out =
                merge(
                        """
                        merge_method: linear
                        slices:
                          - sources:
                              - {model: ./A, layer_range: [0, 1], parameters: {weight: 0.5}}
                              - {model: ./B, layer_range: [2, 3], parameters: {weight: 0.5}}
                          - sources:
                              - {model: ./A, layer_range: [2, 3], parameters: {weight: 0.5}}
                              - {model: ./B, layer_range: [2, 3], parameters: {weight: 0.5}}
                        """);

        assertThat(out.get(SCALARS).data()).containsExactly((7 + 109) / 2f, (9 + 109) / 2f);
        assertThat(out.get(TABLE).data()[0]).isEqualTo((0 + 120) / 2f);
    }

    @Test
    void whatCannotBeRearrangedIsRefusedByName() {
        model(0).with("model.layer_weights", List.of(4), new float[] {1, 2, 3, 4})
                .write(folder.resolve("A"), "F32");

        Cli.Result result = new RecipeRun(folder).run(STACK.formatted("./A"));

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err())
                .contains("./A: tensor 'model.layer_weights' [4] depends on the number and order")
                .contains("use all layers in their original order");
    }

    @Test
    void allLayersInTheirOrderLeaveThemAsTheyAre() {
        TinyModel a =
                model(0).with("model.layer_weights", List.of(4), new float[] {1, 2, 3, 4})
                        .write(folder.resolve("A"), "F32");

        Map<String, Values> out =
                merge(
                        """
                        merge_method: passthrough
                        slices:
                          - sources: [{model: ./A, layer_range: [0, 1]}]
                          - sources: [{model: ./A, layer_range: [1, 3]}]
                        """);

        assertThat(out.get("model.layer_weights").data()).containsExactly(1, 2, 3, 4);
        assertThat(out.get(TABLE).data()).isEqualTo(a.data(TABLE));
    }

    /// Three layers with two elements for each token; `m` is added to every value.
    private static TinyModel model(int m) {
        float[] table = new float[12];
        float[] projection = new float[12];
        for (int layer = 0; layer < 3; layer++) {
            for (int i = 0; i < 4; i++) {
                int token = i / 2;
                table[token * 6 + layer * 2 + i % 2] = m + 100 * token + 10 * layer + i % 2;
                projection[layer * 4 + i] = m + 10 * layer + i;
            }
        }
        return TinyModel.llama(3, 24, false, 0)
                .config("hidden_size_per_layer_input", 2)
                .with(TABLE, List.of(2, 6), table)
                .with(PROJECTION, List.of(6, 2), projection)
                .with(NORM, List.of(2), new float[] {1, 2})
                .with(SCALARS, List.of(3), new float[] {m + 7, m + 8, m + 9});
    }

    private Map<String, Values> merge(String recipe) {
        return new RecipeRun(folder).merge(recipe);
    }
}
