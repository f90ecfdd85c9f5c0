package jmergekit.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import jmergekit.method.Value;
import jmergekit.report.ParameterValues.Curve;
import jmergekit.report.ParameterValues.Group;
import org.junit.jupiter.api.Test;

/// Values in few words.
class ParameterTextTest {
    private static SortedMap<Integer, Value> layers(double... numbers) {
        SortedMap<Integer, Value> values = new TreeMap<>();
        for (int i = 0; i < numbers.length; i++) {
            values.put(i, Value.of(numbers[i]));
        }
        return values;
    }

    private static ParameterValues weight(List<Curve> curves, Group... outside) {
        return new ParameterValues("linear", "weight", Optional.of("a"), curves, List.of(outside));
    }

    private static Curve curve(List<String> parts, double... numbers) {
        return new Curve("default", parts, layers(numbers));
    }

    @Test
    void whatIsTheSameEverywhereIsOneLine() {
        ParameterValues values =
                weight(
                        List.of(curve(List.of("mlp.up_proj"), 0.1 + 0.2, 0.1 + 0.2)),
                        new Group(Value.of(0.1 + 0.2), List.of("lm_head")));

        assertThat(ParameterText.lines(List.of(values)))
                .containsExactly("  linear", "    weight of a  0.3");
    }

    @Test
    void aLineOverTheLayersIsDrawn() {
        ParameterValues values =
                weight(
                        List.of(
                                curve(
                                        List.of("mlp.up_proj", "mlp.down_proj"),
                                        0,
                                        1,
                                        2,
                                        3,
                                        4,
                                        5,
                                        6,
                                        7),
                                curve(List.of("norm"), 3.5, 3.5)),
                        new Group(Value.of(0), List.of("lm_head")));

        assertThat(ParameterText.lines(List.of(values)))
                .containsExactly(
                        "  linear",
                        "    weight of a",
                        "      mlp.*    ▁▂▃▄▅▆▇█  0 in layer 0 to 7 in layer 7",
                        "      norm     3.5",
                        "      lm_head  0");
    }

    @Test
    void valuesBeyondTheEndsAreSaid() {
        Curve curve = curve(List.of("p"), 1, 5, 2, 3, 4, -1, 7, 2.5);

        assertThat(ParameterText.of(weight(List.of(curve))))
                .singleElement()
                .satisfies(l ->
                        assertThat(l.text())
                                .isEqualTo("1 in layer 0 to 2.5 in layer 7, between -1 and 7"));
    }

    @Test
    void neighboursOfOneValueAreTogetherAndGapsAreNot() {
        SortedMap<Integer, Value> values = layers(1, 1, 1, 2);
        values.put(6, Value.of(2));
        Curve curve = new Curve("decoder", List.of("p"), values);

        assertThat(ParameterText.of(weight(List.of(curve))))
                .singleElement()
                .satisfies(l -> {
                    assertThat(l.tensors()).isEqualTo("decoder: layers");
                    assertThat(l.text()).isEqualTo("1 in layers 0-2, 2 in layer 3, 2 in layer 6");
                    assertThat(l.spark()).isEqualTo("▁▁▁█  █");
                });
    }

    @Test
    void wordsAreNotDrawn() {
        SortedMap<Integer, Value> words = new TreeMap<>();
        words.put(0, Value.of("dot"));
        words.put(1, Value.of("cosine"));
        Curve curve = new Curve("default", List.of("p"), words);

        assertThat(ParameterText.of(weight(List.of(curve))))
                .containsExactly(
                        new ParameterText.Line("layers", "", "dot in layer 0, cosine in layer 1"));
    }

    @Test
    void namesOfExpertsAreOne() {
        List<String> all = List.of("mlp.experts.0.up", "mlp.experts.1.up", "mlp.gate");

        assertThat(PartNames.folded(all.subList(0, 2), all)).containsExactly("mlp.experts.*.up");
        assertThat(PartNames.folded(all, all)).containsExactly("mlp.*");
    }

    @Test
    void modelsAreCalledByTheEndsOfTheirPathsIfTheseDiffer() {
        ModelNames names = new ModelNames(List.of("/x/base", "org/chat+my/lora", "./code/"));

        assertThat(names.of("/x/base")).isEqualTo("base");
        assertThat(names.of("org/chat+my/lora")).isEqualTo("chat+lora");
        assertThat(names.of("./code/")).isEqualTo("code");
        assertThat(names.of("./code/ (2)")).isEqualTo("code (2)");
        assertThat(new ModelNames(List.of("a/m", "b/m")).of("a/m")).isEqualTo("a/m");
    }
}
