package jmergekit.evolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import java.util.List;
import jmergekit.config.Searches;
import jmergekit.evolve.SearchedRecipe.Baseline;
import jmergekit.evolve.SearchedRecipe.Kind;
import jmergekit.fixture.LocalModels;
import jmergekit.problem.Problems;
import jmergekit.search.Point;
import jmergekit.search.Variable;
import org.junit.jupiter.api.Test;

final class MarkedRecipeTest {
    private static SearchedRecipe of(String text) {
        return SearchedRecipes.of(
                        Searches.read(text), LocalModels.in(Path.of("nowhere")), new Problems())
                .orElseThrow();
    }

    private static SearchedRecipe linear(String weight) {
        return of(
                "merge_method: linear\nmodels:\n- model: a\n  parameters:\n    weight: "
                        + weight
                        + "\n"
                        + Searches.TASKS);
    }

    private static String weight(String weight, double... values) {
        String recipe = linear(weight).recipe(new Point(values));
        String start = "merge_method: linear\nmodels:\n- model: a\n  parameters:\n    weight: ";
        assertThat(recipe).startsWith(start).endsWith("\n");
        return recipe.substring(start.length(), recipe.length() - 1);
    }

    @Test
    void theTextStaysAsItIs() {
        SearchedRecipe recipe =
                of(
                        """
                        # 😀 A search.

                        merge_method: {choice: [ties, dare_ties]}  # which
                        base_model: org/base
                        models:
                          - model: org/math   # sums
                            parameters:
                              density: {search: [0.1, 1], scale: log}
                              weight:
                                - filter: self_attn
                                  value: {search: [0, 1.5], start: 0.5}
                                - value:
                                    search: [0, 1]
                                    start: 0.25   # low
                          # Not sums.
                          - model: org/words
                            parameters: {weight: {gradient: 2, search: [0, 1]}, density: 1}
                        # What counts.
                        tasks:
                          - name: a   # first

                          - b
                        limit: 5
                        parameters:
                          normalize: {choice: [true, false]}

                        evaluator:
                          command: |
                            python {model}
                        dtype: bfloat16
                        """);

        assertThat(recipe.space().variables())
                .containsExactly(
                        new Variable.Choice("merge_method", List.of("ties", "dare_ties"), 0),
                        new Variable.Real("math · density", 0.1, 1, true, Math.sqrt(0.1)),
                        new Variable.Real("math · weight · self_attn", 0, 1.5, false, 0.5),
                        new Variable.Real("math · weight · rest", 0, 1, false, 0.25),
                        new Variable.Real("words · weight · 1 of 2", 0, 1, false, 0.5),
                        new Variable.Real("words · weight · 2 of 2", 0, 1, false, 0.5),
                        new Variable.Flag("normalize", true));
        assertThat(recipe.recipe(new Point(1, 0.5, 1.25, 1e-5, 0, 1, 0)))
                .isEqualTo(
                        """
                        # 😀 A search.

                        merge_method: dare_ties  # which
                        base_model: org/base
                        models:
                          - model: org/math   # sums
                            parameters:
                              density: 0.5
                              weight:
                                - filter: self_attn
                                  value: 1.25
                                - value: 0.000010   # low
                          # Not sums.
                          - model: org/words
                            parameters: {weight: [0.0, 1.0], density: 1}
                        parameters:
                          normalize: false

                        dtype: bfloat16
                        """);
    }

    @Test
    void numbersStayInTheirRange() {
        assertThat(weight("{search: [-1, 2]}", 3)).isEqualTo("2.0");
        assertThat(weight("{search: [-1, 2]}", -1.5)).isEqualTo("-1.0");
    }

    @Test
    void steps() {
        assertThat(weight("{search: [1, 10], step: 1}", 3.4)).isEqualTo("3");
        assertThat(weight("{search: [0, 1], step: 0.1}", 0.31)).isEqualTo("0.3");
        assertThat(weight("{search: [0, 1], step: 0.4}", 1)).isEqualTo("0.8");
        assertThat(weight("{search: [0.5, 8.5], step: 4}", 6.4)).isEqualTo("4.5");
        assertThat(weight("{gradient: 2, search: [1, 3], step: 1}", 1.6, 3)).isEqualTo("[2, 3]");
        assertThat(linear("{search: [1, 10], step: 1}").space().variables())
                .containsExactly(new Variable.Real("a · weight", 1, 10, false, 6, 1));
    }

    @Test
    void choicesAreWrittenAsTheyWere() {
        assertThat(weight("{choice: [1e-5, '2', 0x10], start: 0x10}", 0)).isEqualTo("1e-5");
        assertThat(weight("{choice: [1e-5, '2', 0x10]}", 1)).isEqualTo("\"2\"");
        assertThat(weight("{choice: [1, 2, &x 0x10]}", 2)).isEqualTo("0x10");
        assertThat(linear("{choice: [1e-5, '2', 0x10], start: 0x10}").space().start())
                .isEqualTo(new Point(2));
        assertThat(weight("{choice: [no, yes]}", 1)).isEqualTo("true");
        assertThat(linear("{choice: [no, yes]}").space().start()).isEqualTo(new Point(0));
    }

    @Test
    void startsOfControlPoints() {
        assertThat(linear("{gradient: 3, search: [0, 1], start: [0, 1, 0.5]}").space().start())
                .isEqualTo(new Point(0, 1, 0.5));
        assertThat(linear("{gradient: 3, search: [0, 1], start: 0.1}").space().start())
                .isEqualTo(new Point(0.1, 0.1, 0.1));
    }

    @Test
    void aMarkWithAnAnchorIsSearchedOnce() {
        SearchedRecipe recipe =
                of(
                        """
                        merge_method: linear
                        x-own: &w
                          search: [0, 1]
                        x-not-used: &v {search: [0, 1]}
                        models:
                        - {model: a, parameters: {weight: *w}}
                        - {model: b, parameters: {weight: *w}}
                        - model: c
                          parameters: {weight: &u !!map {search: [0, 2]}}
                        - {model: d, parameters: {weight: *u}}
                        tasks: [a]
                        """);

        assertThat(recipe.space().variables())
                .extracting(Variable::name)
                .containsExactly("a · weight", "c · weight");
        assertThat(recipe.recipe(new Point(0.5, 2)))
                .isEqualTo(
                        """
                        merge_method: linear
                        x-own: &w 0.5
                        x-not-used: &v {search: [0, 1]}
                        models:
                        - {model: a, parameters: {weight: *w}}
                        - {model: b, parameters: {weight: *w}}
                        - model: c
                          parameters: {weight: &u 2.0}
                        - {model: d, parameters: {weight: *u}}
                        """);
    }

    @Test
    void marksInSlicesAndAtTheTop() {
        SearchedRecipe recipe =
                of(
                        """
                        slices:
                        - sources:
                          - {model: a, layer_range: [0, {search: [1, 8], step: 1, start: 4}]}
                        - sources:
                          - {model: {choice: [a, b]}, layer_range: [4, 8]}
                        merge_method: passthrough
                        dtype: {choice: [float32, bfloat16]}
                        tokenizer: {tokens: {search: {source: a}, choice: {source: b}}}
                        tasks: [a]
                        """);

        assertThat(recipe.space().variables())
                .extracting(Variable::name)
                .containsExactly(
                        "slice 1 · a · layer_range[1]", "slice 2 · model 1 · model", "dtype");
        assertThat(recipe.recipe(new Point(2.7, 1, 1)))
                .contains("layer_range: [0, 3]", "{model: b, layer", "dtype: bfloat16\n");
        assertThat(recipe.baselines())
                .extracting(Baseline::name)
                .containsExactly("a", "b", "equal weights");
        assertThat(recipe.baselines().getLast().recipe())
                .isEqualTo(
                        """
                        merge_method: linear
                        models:
                          - model: a
                          - model: b
                        parameters:
                          weight: 1.0
                          normalize: true
                        dtype: float32
                        tokenizer: {tokens: {search: {source: a}, choice: {source: b}}}
                        """);
    }

    @Test
    void aFileInBrackets() {
        SearchedRecipe recipe =
                of(
                        "{\"merge_method\": \"linear\", \"tasks\": [\"a\"], \"limit\": 5,\n"
                                + " \"models\": [{\"model\": \"a\", \"parameters\": {\"weight\":"
                                + " {\"search\": [0, 1]}}}],\n \"shuffle\": true\n}\n");

        assertThat(recipe.recipe(new Point(0.5)))
                .isEqualTo(
                        "{\"merge_method\": \"linear\", \n"
                                + " \"models\": [{\"model\": \"a\", \"parameters\": {\"weight\":"
                                + " 0.5}}],\n}\n");
        Searches.readsAsRecipe(recipe.recipe(new Point(0.5)));
    }

    @Test
    void windowsLineEnds() {
        SearchedRecipe recipe =
                of(
                        "merge_method: linear\r\ntasks:\r\n- a\r\nmodels:\r\n- model: a\r\n"
                                + "  parameters:\r\n    weight:\r\n      search: [0, 1]\r\n");

        assertThat(recipe.recipe(new Point(0.5)))
                .isEqualTo(
                        "merge_method: linear\r\nmodels:\r\n- model: a\r\n  parameters:\r\n"
                                + "    weight: 0.5\n");
    }

    @Test
    void modelsOfOneNameAreToldApart() {
        SearchedRecipe recipe =
                of(
                        """
                        merge_method: linear
                        models:
                        - {model: x/a, parameters: {weight: {search: [0, 1]}}}
                        - {model: y/a, parameters: {weight: {search: [0, 1]}}}
                        tasks: [a]
                        """);

        assertThat(recipe.space().variables())
                .extracting(Variable::name)
                .containsExactly(
                        "models[0] a · parameters · weight", "models[1] a · parameters · weight");
    }

    @Test
    void aBaseThatDifferencesAreTakenFromIsNotMergedInEqualParts() {
        SearchedRecipe recipe =
                of(
                        """
                        merge_method: ties
                        base_model: base
                        models: [{model: a}, {model: b}]
                        parameters: {weight: {search: [0, 1]}, density: 1}
                        tokenizer_source: base
                        tasks: [a]
                        """);

        assertThat(recipe.baselines())
                .extracting(Baseline::name, Baseline::kind)
                .containsExactly(
                        tuple("a", Kind.PARENT),
                        tuple("b", Kind.PARENT),
                        tuple("base", Kind.BASE),
                        tuple("equal weights", Kind.EQUAL));
        assertThat(recipe.baselines().getLast().recipe())
                .doesNotContain("model: base")
                .endsWith("tokenizer_source: base\n");
    }
}
