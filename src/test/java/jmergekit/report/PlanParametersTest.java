package jmergekit.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jmergekit.engine.PlanRuns;
import jmergekit.fixture.LocalModels;
import jmergekit.fixture.TinyModel;
import jmergekit.method.Value;
import jmergekit.planner.PlanOptions;
import jmergekit.report.ParameterValues.Curve;
import jmergekit.shards.Sharding;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The values that tensors get, worked out by hand.
class PlanParametersTest {
    @TempDir private Path folder;

    @BeforeEach
    void writeModels() {
        TinyModel base = TinyModel.llama(5, 8, false, 0).write(folder.resolve("base"), "F32");
        base.tuned(1).write(folder.resolve("a"), "F32");
        base.tuned(2).write(folder.resolve("b"), "F32");
    }

    private List<ParameterValues> of(String recipe) {
        PlanOptions options =
                new PlanOptions(LocalModels.in(folder), false, Sharding.safetensors(1L << 40), 0);
        return PlanParameters.of(PlanRuns.bound(PlanRuns.merge(folder, recipe, options)).plan());
    }

    private static ParameterValues named(List<ParameterValues> all, String title) {
        return all.stream().filter(v -> v.title().equals(title)).findFirst().orElseThrow();
    }

    private static Map<Integer, Double> numbers(Curve curve) {
        Map<Integer, Double> numbers = new TreeMap<>();
        curve.byLayer().forEach((l, v) -> numbers.put(l, ((Value.Number) v).number()));
        return numbers;
    }

    @Test
    void aGradientIsALineThroughItsValues() {
        List<ParameterValues> all =
                of(
                        """
                        merge_method: linear
                        models:
                          - {model: a, parameters: {weight: [0, 1, 0.5]}}
                          - {model: b, parameters: {weight: 0.25}}
                        """);
        ParameterValues varying = named(all, "weight of a");
        ParameterValues constant = named(all, "weight of b");

        assertThat(varying.curves()).hasSize(1);
        assertThat(varying.curves().getFirst().parts()).hasSize(9).contains("mlp.up_proj");
        assertThat(numbers(varying.curves().getFirst()))
                .containsExactlyEntriesOf(
                        new TreeMap<>(Map.of(0, 0.0, 1, 0.5, 2, 1.0, 3, 0.75, 4, 0.5)));
        assertThat(varying.constant()).isEmpty();
        assertThat(constant.constant()).contains(Value.of(0.25));
        assertThat(named(all, "normalize").constant()).contains(Value.of("true"));
    }

    @Test
    void partsWithFiltersOfTheirOwnAreApart() {
        ParameterValues weight =
                named(
                        of(
                                """
                                merge_method: task_arithmetic
                                base_model: base
                                models:
                                  - model: a
                                    parameters:
                                      weight:
                                        - {filter: self_attn, value: [0, 1]}
                                        - {filter: lm_head, value: 3}
                                        - {value: 0.5}
                                """),
                        "weight of a");

        assertThat(weight.curves())
                .satisfiesExactlyInAnyOrder(
                        attention -> {
                            assertThat(attention.parts())
                                    .containsExactlyInAnyOrder(
                                            "self_attn.q_proj",
                                            "self_attn.k_proj",
                                            "self_attn.v_proj",
                                            "self_attn.o_proj");
                            assertThat(numbers(attention))
                                    .containsEntry(0, 0.0)
                                    .containsEntry(1, 0.25)
                                    .containsEntry(4, 1.0);
                        },
                        rest -> {
                            assertThat(rest.parts()).hasSize(5).contains("mlp.down_proj");
                            assertThat(rest.constant()).contains(Value.of(0.5));
                        });
        assertThat(weight.outside())
                .satisfiesExactlyInAnyOrder(
                        head -> {
                            assertThat(head.tensors()).containsExactly("lm_head");
                            assertThat(head.value()).isEqualTo(Value.of(3));
                        },
                        rest ->
                                assertThat(rest.tensors())
                                        .containsExactly("model.embed_tokens", "model.norm"));
    }

    @Test
    void whatChangesNothingIsNotListed() {
        List<ParameterValues> all =
                of(
                        """
                        merge_method: ties
                        base_model: base
                        models:
                          - {model: a, parameters: {weight: 1, density: 0.5}}
                          - {model: base, parameters: {weight: 1, density: 0.5}}
                        parameters: {int8_mask: true}
                        """);

        assertThat(all)
                .extracting(ParameterValues::title)
                .containsExactly("lambda", "normalize", "rescale", "density of a", "weight of a");
    }

    @Test
    void slicesCountTheLayersOfTheOutput() {
        ParameterValues weight =
                named(
                        of(
                                """
                                merge_method: linear
                                slices:
                                  - sources:
                                      - {model: a, layer_range: [3, 5], parameters: {weight: 1}}
                                  - sources:
                                      - {model: a, layer_range: [0, 2], parameters: {weight: 2}}
                                      - {model: b, layer_range: [2, 4], parameters: {weight: 4}}
                                """),
                        "weight of a");

        assertThat(numbers(weight.curves().getFirst()))
                .containsEntry(2, 2.0)
                .containsEntry(3, 2.0)
                .doesNotContainKey(4);
    }

    @Test
    void copiesHaveNoParameters() {
        assertThat(of("merge_method: passthrough\nmodels: [{model: a}]\n"))
                .allSatisfy(v -> assertThat(v.name()).isEqualTo("scale"));
    }

    @Test
    void aModelThatTakesPartTwiceHasANumber() {
        List<ParameterValues> all =
                of(
                        """
                        merge_method: linear
                        models:
                          - {model: a, parameters: {weight: 1}}
                          - {model: a, parameters: {weight: 2}}
                        """);

        assertThat(named(all, "weight of a").constant()).contains(Value.of(1));
        assertThat(named(all, "weight of a (2)").constant()).contains(Value.of(2));
    }
}
