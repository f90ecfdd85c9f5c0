package jmergekit.evolve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import jmergekit.config.EvolveConfig;
import jmergekit.config.EvolveReader;
import jmergekit.config.Searches;
import jmergekit.fixture.LocalModels;
import jmergekit.fuzz.Mutation;
import jmergekit.model.ModelLocator;
import jmergekit.problem.Problems;
import jmergekit.search.Point;
import jmergekit.search.Space;
import jmergekit.search.Variable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// Whatever stands in a file for a search, it is read or refused; and what a search makes of a file
/// that is sound is a recipe at every point.
final class SearchedRecipesTest {
    private static final int MUTANTS = 1500;

    static final List<String> FILES =
            List.of(
                    """
                    genome:
                      models: [a, b]
                      merge_method: ties
                      base_model: c
                      layer_granularity: 2
                      filters: [self_attn, "mlp"]
                      allow_negative_weights: true
                      tokenizer_source: base
                    tasks:
                      - {name: x, weight: 0.5, metric: "acc,none"}
                      - y
                    limit: 10
                    """,
                    """
                    genome: {models: [a, b, c], merge_method: slerp, layer_granularity: 4}
                    tasks: [{name: x, file: x.jsonl, held_out: y.jsonl, extract: '(\\d+)'}]
                    evaluator: {endpoint: {serve: "serve {model} --port {port}", chat: true}}
                    """,
                    """
                    genome: {models: [a], merge_method: dare_ties, base_model: b, smooth: true,
                      layer_granularity: 1, filters: [mlp]}
                    tasks: [x]
                    evaluator: {lm_eval: {backend: vllm, model_args: {dtype: bfloat16}, args: [-v]}}
                    """,
                    """
                    # 😀 marks
                    merge_method: {choice: [ties, dare_ties]}
                    base_model: c
                    x-w: &w
                      search: [0.1, 1]
                      scale: log
                    models:
                      - model: a
                        parameters:
                          density: *w
                          weight:
                            - filter: self_attn
                              value: {gradient: 4, search: [0, 1]}
                            - value:
                                search: [-1, 1.5]   # why
                                start: 0.5
                      - model: {choice: [b, ./d e]}
                        parameters: {density: *w, weight: {search: [0, 1], step: 0.25}}
                    parameters: {normalize: {choice: [true, false]}}
                    tasks: [x]
                    evaluator:
                      command: |
                        python eval.py {model}
                          --out {out}

                    dtype: {choice: [bfloat16, float32]}
                    """,
                    """
                    {"merge_method": "passthrough", "tasks": ["x"], "slices": [{"sources": [
                      {"model": "a", "layer_range": [0, {"search": [1, 8], "step": 1}],
                       "parameters": {"scale": {"choice": [1, 0.5]}}}]}], "limit": 3
                    }
                    """,
                    """
                    stack:
                      blocks:
                        - {model: a, layers: [0, 4]}
                        - {model: a, layers: [4, 8], always: true}
                        - {model: b, layers: [0, 4], scale: [0.5, 1.5]}
                      repeat: 2
                      base_model: a
                      dtype: bfloat16
                    tasks: [x]
                    """);

    private static final List<byte[]> TOKENS =
            Mutation.tokens(
                    ("{ } [ ] , : & * - # ? | > ' \" ! \n \t \\ ~ << <<: *w &w null true no 0 -1 1e308 -1e308"
                                    + " 1e-320 .nan .inf 2147483648 search: choice: gradient: start: step:"
                                    + " scale: log tasks: genome: stack: models: --- ... %YAML \u00ff"
                                    + " {search: {choice: [[[[[[ {{{{{{ !!str !!map")
                            .split(" "));

    @TempDir private Path folder;

    @BeforeEach
    void writeModels() throws IOException {
        for (String model : List.of("a", "b", "c", "d e")) {
            Path config = folder.resolve(model).resolve("config.json");
            Files.createDirectories(config.getParent());
            Files.writeString(config, "{\"num_hidden_layers\": 8}");
        }
    }

    private ModelLocator models() {
        return LocalModels.in(folder);
    }

    static Point random(Space space, Random random) {
        List<Double> values = new ArrayList<>();
        for (Variable variable : space.variables()) {
            switch (variable) {
                case Variable.Real r when r.isBounded() ->
                        values.add(
                                Math.clamp(
                                        r.low() + random.nextDouble() * (r.high() - r.low()),
                                        r.low(),
                                        r.high()));
                case Variable.Real _ -> values.add(random.nextGaussian());
                case Variable.Choice c -> values.add((double) random.nextInt(c.options().size()));
                case Variable.Flag _ -> values.add((double) random.nextInt(2));
                case Variable.Order o -> {
                    List<Double> order = new ArrayList<>();
                    for (int i = 0; i < o.items(); i++) {
                        order.add((double) i);
                    }
                    Collections.shuffle(order, random);
                    values.addAll(order);
                }
            }
        }
        return new Point(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    @ParameterizedTest
    @FieldSource("FILES")
    void everyPointIsARecipe(String file) {
        SearchedRecipe recipe =
                SearchedRecipes.of(Searches.read(file), models(), new Problems()).orElseThrow();
        Random random = new Random(3);

        Searches.readsAsRecipe(recipe.recipe(recipe.space().start()));
        for (int i = 0; i < 100; i++) {
            String text = recipe.recipe(random(recipe.space(), random));
            Searches.readsAsRecipe(text);
            assertThat(text).doesNotContain("tasks", "command", "search", "limit");
        }
        assertThat(recipe.baselines()).isNotEmpty();
        recipe.baselines().forEach(b -> Searches.readsAsRecipe(b.recipe()));
    }

    @Test
    void optionsThatDoNotExistAreRefused() {
        Problems problems = new Problems();
        Optional<SearchedRecipe> recipe =
                SearchedRecipes.of(
                        Searches.read(
                                """
                                merge_method: linear
                                models:
                                - model: {choice: [./a, ./none, of/hub]}
                                - model: b
                                dtype: {choice: [float32, floaty]}
                                tasks: [x]
                                """),
                        models(),
                        problems);

        assertThat(recipe).isEmpty();
        assertThat(problems.all())
                .satisfiesExactly(
                        model ->
                                assertThat(model.toString())
                                        .startsWith(
                                                "s.yml:3:10: no such model folder (found"
                                                        + " './none')"),
                        dtype ->
                                assertThat(dtype.toString())
                                        .startsWith("s.yml:5:8: unknown dtype")
                                        .contains("found 'floaty'"));
    }

    @Test
    void damagedFilesAreReadOrRefused() {
        Random random = new Random(4);
        Mutation mutation = new Mutation(random, TOKENS);
        int read = 0;
        int refused = 0;
        for (int i = 0; i < MUTANTS; i++) {
            byte[] file = FILES.get(i % FILES.size()).getBytes(StandardCharsets.UTF_8);
            String text = new String(mutation.of(file), StandardCharsets.UTF_8);
            Problems problems = new Problems();
            Optional<EvolveConfig> config = new EvolveReader(folder).read("s.yml", text, problems);
            Optional<SearchedRecipe> recipe =
                    config.flatMap(c -> SearchedRecipes.of(c, models(), problems));
            if (recipe.isEmpty()) {
                refused++;
                assertThat(problems.hasErrors()).as(text).isTrue();
            } else {
                read++;
                Space space = recipe.get().space();
                assertThat(recipe.get().recipe(space.start())).isNotBlank();
                assertThat(recipe.get().recipe(random(space, random))).isNotBlank();
                recipe.get().baselines();
            }
            problems.all().forEach(p -> assertThat(p.toString()).isNotBlank());
        }
        assertThat(read).isGreaterThan(MUTANTS / 40);
        assertThat(refused).isGreaterThan(MUTANTS / 40);
    }

    /// A search goes on where variables and recipes are the same text.
    @ParameterizedTest
    @FieldSource("FILES")
    void everyCountryHasTheSameVariablesAndRecipes(String file) {
        Locale usual = Locale.getDefault();
        List<List<String>> texts = new ArrayList<>();
        for (String language : List.of("en", "ar-EG-u-nu-arab")) {
            try {
                Locale.setDefault(Locale.forLanguageTag(language));
                SearchedRecipe recipe =
                        SearchedRecipes.of(Searches.read(file), models(), new Problems())
                                .orElseThrow();
                Space space = recipe.space();
                texts.add(List.of(space.toString(), recipe.recipe(space.start())));
            } finally {
                Locale.setDefault(usual);
            }
        }

        assertThat(texts.getLast()).isEqualTo(texts.getFirst());
    }
}
