package jmergekit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Recipes that a program puts together.
class RecipeTest {
    @TempDir private Path folder;

    @Test
    void aBuiltRecipeIsYaml() {
        assertThat(
                        Recipe.merge("ties")
                                .base("org/base")
                                .model("a", p -> p.set("weight", List.of(0, 1e-5)))
                                .model("b \"c\": #d")
                                .parameter("normalize", true)
                                .set("tokenizer", Map.of("source", "union", "pad_to", 8))
                                .dtype("bfloat16")
                                .build()
                                .text())
                .isEqualTo(
                        """
                        merge_method: "ties"
                        base_model: "org/base"
                        tokenizer: {"pad_to": 8, "source": "union"}
                        dtype: "bfloat16"
                        models:
                          - {"model": "a", "parameters": {"weight": [0, 1.0E-5]}}
                          - {"model": "b \\"c\\": #d"}
                        parameters: {"normalize": true}
                        """);
    }

    @Test
    void aBuiltRecipePlansAsTheSameRecipeByHand() {
        Door door = Door.withModels(folder);
        Recipe byHand =
                Recipe.parse(
                        """
                        merge_method: ties
                        base_model: base
                        models:
                          - model: chat
                            parameters: {weight: [0.1, 0.9], density: 5e-1}
                          - model: code
                            parameters:
                              weight:
                                - filter: mlp
                                  value: 0.25
                                - value: 0.75
                        parameters: {normalize: no}
                        dtype: bfloat16
                        """);
        Recipe built =
                Recipe.merge("ties")
                        .base("base")
                        .model("chat", p -> p.set("weight", List.of(0.1, 0.9)).set("density", 0.5))
                        .model(
                                "code",
                                p ->
                                        p.set(
                                                "weight",
                                                List.of(
                                                        Map.of("filter", "mlp", "value", 0.25),
                                                        Map.of("value", 0.75))))
                        .parameter("normalize", false)
                        .dtype("bfloat16")
                        .build();
        PlanSettings plain = PlanSettings.defaults().withoutCard();
        try (Models models = door.open()) {
            assertThat(models.plan(built, plain)).isEqualTo(models.plan(byHand, plain));
        }
    }

    @Test
    void layersAreStackedInTheOrderOfTheCalls() {
        Door door = Door.withModels(folder);
        Recipe recipe =
                Recipe.merge("passthrough").layers("chat", 0, 2).layers("code", 1, 3).build();
        try (Models models = door.open()) {
            assertThat(models.plan(recipe).tensors())
                    .contains("model.layers.3.mlp.up_proj.weight")
                    .doesNotContain("model.layers.4.mlp.up_proj.weight");
        }
    }

    @Test
    void aRecipeInsideARecipeMakesTheBytesOfTwoStepsWithTheFirstInFloat32() {
        Door door = Door.withModels(folder);
        try (Models models = door.open()) {
            Recipe inner = Door.ties(0.5);
            models.plan(Recipe.parse(inner.text().replace("bfloat16", "float32")))
                    .write(Path.of("step"));
            RecipeBuilder outer = Recipe.merge("slerp").base("base").parameter("t", 0.25);
            Recipe nested =
                    outer.model("inner", inner, _ -> {}).model("base").dtype("float32").build();
            Recipe onDisk =
                    Recipe.merge("slerp")
                            .base("base")
                            .parameter("t", 0.25)
                            .model("step")
                            .model("base")
                            .dtype("float32")
                            .build();
            MergePlan plan = models.plan(nested);
            models.plan(onDisk).write(Path.of("steps"));
            plan.write(Path.of("nested"));

            String weights = "model.safetensors";
            assertThat(folder.resolve("nested").resolve(weights))
                    .hasSameBinaryContentAs(folder.resolve("steps").resolve(weights));
            assertThat(models.planFromJson(plan.toJson())).isEqualTo(plan);
        }
    }

    @Test
    void aRecipeThatStandsInManyPlacesIsPlannedOnce() {
        Door door = Door.withModels(folder);
        // A warning for each time that it is planned.
        Recipe inner =
                Recipe.merge("linear")
                        .model("chat", p -> p.set("weight", 1))
                        .model("chat", p -> p.set("weight", 1))
                        .build();
        Recipe outer =
                Recipe.merge("slerp")
                        .model("left", inner, _ -> {})
                        .model("right", inner, _ -> {})
                        .base("left")
                        .parameter("t", 0.5)
                        .build();
        try (Models models = door.open()) {
            int once = models.plan(inner).warnings().size();

            assertThat(once).isPositive();
            assertThat(models.plan(outer).warnings()).hasSize(once);
        }
    }

    @Test
    void aNameMeansARecipeInOnePlanOnly() {
        Door door = Door.withModels(folder);
        try (Models models = door.open()) {
            Recipe two = Recipe.merge("linear").model("inner").model("base").build();
            Recipe nested =
                    Recipe.merge("linear")
                            .model("inner", Door.ties(1), p -> p.set("weight", 1))
                            .model("base", p -> p.set("weight", 1))
                            .build();
            models.plan(nested);

            assertThatThrownBy(() -> models.plan(two))
                    .isInstanceOf(MergeFailedException.class)
                    .hasMessageContaining("inner");
        }
        assertThatThrownBy(() -> Recipe.merge("linear").with("a+b", Door.ties(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a+b");
    }

    @Test
    void aRecipeIsReadFromAFileAndNamedInMessages() throws Exception {
        Path file = Files.writeString(folder.resolve("wrong.yml"), "merge_method: [\n");
        try (Models models = Door.open(folder)) {
            assertThatThrownBy(() -> models.plan(Recipe.read(file)))
                    .isInstanceOf(MergeFailedException.class)
                    .hasMessageContaining("wrong.yml:");
        }
        assertThatThrownBy(() -> Recipe.read(folder.resolve("missing.yml")))
                .isInstanceOf(MergeFailedException.class)
                .hasMessageContaining("no such file");
    }

    @Test
    void aValueThatYamlHasNotIsRefused() {
        assertThatThrownBy(() -> Recipe.merge("linear").set("dtype", null).build())
                .isInstanceOf(IllegalArgumentException.class);
        Map<Object, Object> keyless = new java.util.HashMap<>();
        keyless.put(null, 1);
        keyless.put("a", 1);
        assertThatThrownBy(() -> Recipe.merge("linear").set("slices", keyless).build())
                .isInstanceOf(IllegalArgumentException.class);
        List<Object> holed = java.util.Arrays.asList(1, null);
        assertThatThrownBy(() -> Recipe.merge("linear").parameter("weight", holed).build())
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Recipe.merge("linear").parameter("weight", new Object()).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.lang.Object");
    }
}
