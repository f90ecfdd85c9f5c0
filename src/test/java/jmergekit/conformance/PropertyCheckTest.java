package jmergekit.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PropertyCheckTest {
    private static final int ROWS = 60;
    private static final int COLUMNS = 50;
    private static final double DENSITY = 0.5;
    private static final double EPSILON = 0.3;

    private final Random random = new Random(7);
    private final double[] base = gaussian(1);
    private final double[] delta = gaussian(0.01);

    @TempDir private Path folder;

    private double[] gaussian(double scale) {
        return random.doubles(ROWS * COLUMNS).map(x -> (x - 0.5) * scale).toArray();
    }

    private static SortedMap<String, StoredTensor> weights(IntToDoubleFunction value) {
        double[] values = new double[ROWS * COLUMNS];
        for (int i = 0; i < values.length; i++) {
            values[i] = value.applyAsDouble(i);
        }
        SortedMap<String, StoredTensor> tensors = new TreeMap<>();
        tensors.put("w", StoredTensor.of("F32", List.of(ROWS, COLUMNS), values));
        return tensors;
    }

    private List<String> dropped(IntToDoubleFunction kept, boolean rescaled, boolean rankBiased) {
        String property =
                "{\"density\": %s, \"epsilon\": %s, \"rank_biased\": %s, \"rescale\": %s}"
                        .formatted(DENSITY, EPSILON, rankBiased, rescaled ? "\"l1\"" : null);
        return new DropCheck(Json.parse(property))
                .differences(
                        weights(i -> base[i]),
                        weights(i -> base[i] + delta[i]),
                        weights(i -> base[i] + kept.applyAsDouble(i) * delta[i]));
    }

    /// A mask of the given keep probability, times the factor that restores the L1 norm.
    private double[] mask(IntToDoubleFunction probability) {
        double[] mask = new double[delta.length];
        double all = 0;
        double kept = 0;
        for (int i = 0; i < mask.length; i++) {
            mask[i] = random.nextDouble() < probability.applyAsDouble(i) ? 1 : 0;
            all += Math.abs(delta[i]);
            kept += mask[i] * Math.abs(delta[i]);
        }
        for (int i = 0; i < mask.length; i++) {
            mask[i] *= all / kept;
        }
        return mask;
    }

    private double rankProbability(int i) {
        int start = i - i % COLUMNS;
        int rank = 0;
        for (int k = start; k < start + COLUMNS; k++) {
            rank += Math.abs(delta[k]) < Math.abs(delta[i]) ? 1 : 0;
        }
        return DENSITY + EPSILON * (2.0 * rank / (COLUMNS - 1) - 1);
    }

    @Test
    void droppingHalfAndRestoringTheNormPasses() {
        double[] mask = mask(i -> DENSITY);

        assertThat(dropped(i -> mask[i], true, false)).isEmpty();
        assertThat(dropped(i -> Math.signum(mask[i]), false, false)).isEmpty();
    }

    @Test
    void aWrongFactorADifferentShareAndAnythingInBetweenFail() {
        double[] mask = mask(i -> DENSITY);
        double[] more = mask(i -> 0.6);

        assertThat(dropped(i -> Math.signum(mask[i]), true, false)).isNotEmpty();
        assertThat(dropped(i -> mask[i], false, false)).isNotEmpty();
        assertThat(dropped(i -> 2 * Math.signum(mask[i]), true, false)).isNotEmpty();
        assertThat(dropped(i -> more[i], true, false)).isNotEmpty();
        assertThat(dropped(i -> 1, true, false)).isNotEmpty();
        assertThat(dropped(i -> 0, true, false)).isNotEmpty();
        assertThat(dropped(i -> i == 3 ? 0.5 : mask[i], true, false)).isNotEmpty();
    }

    @Test
    void dellaMustFavourLargeDifferences() {
        double[] biased = mask(this::rankProbability);
        double[] uniform = mask(i -> DENSITY);
        double[] reversed = mask(i -> 2 * DENSITY - rankProbability(i));

        assertThat(dropped(i -> biased[i], true, true)).isEmpty();
        assertThat(dropped(i -> uniform[i], true, true)).isNotEmpty();
        assertThat(dropped(i -> reversed[i], true, true)).isNotEmpty();
    }

    private List<String> checked(String property) throws IOException {
        return new PropertyCheck(Json.parse(property), folder)
                .differences(folder.resolve("out"), folder.resolve("again"));
    }

    private void model(String name, Object... namesAndValues) throws IOException {
        SortedMap<String, StoredTensor> tensors = new TreeMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            double value = (Integer) namesAndValues[i + 1];
            tensors.put(
                    (String) namesAndValues[i],
                    StoredTensor.of("F32", List.of(2), value, value / 2));
        }
        Checkpoint.write(folder.resolve(name).resolve("model.safetensors"), tensors);
    }

    @Test
    void twoRunsMustAgreeBitForBit() throws IOException {
        model("out", "w", 1);
        model("again", "w", 1);
        assertThat(checked("{\"kind\": \"repeatable\"}")).isEmpty();

        model("again", "w", 2);
        assertThat(checked("{\"kind\": \"repeatable\"}")).hasSize(1);
    }

    @Test
    void shapesAndRangeOfRandomGates() throws IOException {
        String property =
                """
                {"kind": "shapes", "bound": %s, "moe_layout": true,
                 "tensors": {"gate.weight": [[%d], "float32"]}}
                """;
        model("out", "gate.weight", 1);

        assertThat(checked(property.formatted("1", 2))).isEmpty();
        assertThat(checked(property.formatted("null", 2))).isEmpty();
        assertThat(checked(property.formatted("0.9", 2))).hasSize(1);
        assertThat(checked(property.formatted("1", 3))).hasSize(1);

        model("out", "gate.weight", 0);
        assertThat(checked(property.formatted("1", 2))).hasSize(1);
    }

    @Test
    void aShuffledModelTakesEachLayerWholeFromOneModel() throws IOException {
        String property = "{\"kind\": \"shuffle_model\", \"models\": [\"a\", \"b\"]}";
        model("a", "embed", 1, "layers.0.x", 2, "layers.0.y", 3, "layers.1.x", 4);
        model("b", "embed", 5, "layers.0.x", 6, "layers.0.y", 7, "layers.1.x", 8);

        model("out", "embed", 1, "layers.0.x", 6, "layers.0.y", 7, "layers.1.x", 4);
        assertThat(checked(property)).isEmpty();

        model("out", "embed", 1, "layers.0.x", 2, "layers.0.y", 7, "layers.1.x", 4);
        assertThat(checked(property)).containsExactly("layer 0: not that of any one model");

        model("out", "embed", 1, "layers.0.x", 2, "layers.0.y", 3, "layers.1.x", 2);
        assertThat(checked(property)).containsExactly("layer 1: not that of any one model");
    }

    @Test
    void aShuffledRecipeListsLayersOfItsModels() throws IOException {
        String property =
                """
                {"kind": "shuffle_yaml", "file": "s.yml", "models": ["a", "b"], "layers": 2,
                 "total": 2, "in_order": true, "dtype": "float16"}
                """;
        String recipe =
                """
                merge_method: passthrough
                dtype: float16
                slices:
                - sources: [{model: a, layer_range: [0, 1]}]
                - sources: [{model: b, layer_range: [1, 2]}]
                """;
        Path file = Files.createDirectories(folder.resolve("out")).resolve("s.yml");

        Files.writeString(file, recipe);
        assertThat(checked(property)).isEmpty();

        for (String[] change :
                List.of(
                        new String[] {"model: b", "model: c"},
                        new String[] {"[1, 2]", "[0, 1]"},
                        new String[] {"[1, 2]", "[1, 3]"},
                        new String[] {"dtype: float16\n", ""},
                        new String[] {"passthrough", "linear"})) {
            Files.writeString(file, recipe.replace(change[0], change[1]));
            assertThat(checked(property)).as(change[1]).isNotEmpty();
        }
    }
}
