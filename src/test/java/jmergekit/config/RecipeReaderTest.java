package jmergekit.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import jmergekit.config.Composition.Modules;
import jmergekit.config.Composition.Slices;
import jmergekit.config.Composition.WholeModels;
import jmergekit.config.Setting.Gradient;
import jmergekit.method.Value;
import jmergekit.model.AdapterReference;
import jmergekit.model.ModelReference;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.Severity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Every form a recipe may take.
final class RecipeReaderTest {
    private static List<InputModel> models(MergeConfig config) {
        return ((WholeModels) config.composition()).models();
    }

    private static Setting setting(InputModel model, String name) {
        return model.parameters().settings().get(name).value();
    }

    private static Setting setting(MergeConfig config, String name) {
        return config.parameters().settings().get(name).value();
    }

    private static Setting constant(double number) {
        return new Setting.Constant(Value.of(number));
    }

    @Test
    void wholeModels() {
        String text =
                """
                # kept verbatim
                name: mine
                merge_method: ties
                base_model: org/base
                models:
                  - model: org/a
                    parameters: {weight: 0.5, density: 1}
                  - model: org/b
                dtype: torch.bfloat16
                out_dtype: float16
                chat_template: chatml
                """;
        MergeConfig config = Recipes.read(text);
        assertThat(config.source()).isEqualTo("r.yml");
        assertThat(config.text()).isEqualTo(text);
        assertThat(config.name().orElseThrow().value()).isEqualTo("mine");
        assertThat(config.mergeMethod().value()).isEqualTo("ties");
        assertThat(config.mergeMethod().at()).hasToString("r.yml:3:15");
        assertThat(config.baseModel().orElseThrow().value()).hasToString("org/base");
        assertThat(config.dtype().orElseThrow().value()).isEqualTo("torch.bfloat16");
        assertThat(config.outDtype().orElseThrow().value()).isEqualTo("float16");
        assertThat(config.chatTemplate().orElseThrow().value()).isEqualTo("chatml");
        assertThat(config.tokenizer()).isEmpty();
        assertThat(config.parameters()).isEqualTo(ParameterSet.EMPTY);
        assertThat(models(config))
                .extracting(m -> m.model().value().path())
                .containsExactly("org/a", "org/b");
        assertThat(setting(models(config).getFirst(), "density")).isEqualTo(constant(1));
        assertThat(models(config).getLast().parameters()).isEqualTo(ParameterSet.EMPTY);
    }

    @Test
    void aSettingsPlaceRunsFromItsNameToItsValue() {
        MergeConfig config = Recipes.withParameters("{weight: 0.5, density: [1, 2]}");
        assertThat(Recipes.textAt(config.parameters().settings().get("density").at()))
                .isEqualTo("density: [1, 2]");
    }

    @Test
    void slices() {
        MergeConfig config =
                Recipes.read(
                        """
                        merge_method: task_arithmetic
                        base_model: base
                        slices:
                          - sources:
                              - {model: base, layer_range: [0, 1]}
                              - model: a
                                layer_range: ["0", 1.0]
                                parameters: {weight: 0.1}
                            parameters: {weight: 0.2, lambda: 1.5}
                          - base_model: other
                            sources: [{model: b}]
                        """);
        List<OutputSlice> slices = ((Slices) config.composition()).slices();
        OutputSlice first = slices.getFirst();
        assertThat(first.sources())
                .extracting(s -> s.layerRange().orElseThrow().toString())
                .containsExactly("[0, 1]", "[0, 1]");
        assertThat(first.sources().get(1).parameters().value("weight", "x", 0))
                .hasValue(Value.of(0.1));
        assertThat(first.parameters().value("lambda", "x", 0)).hasValue(Value.of(1.5));
        assertThat(first.baseModel()).isEmpty();
        assertThat(first.at()).hasToString("r.yml:4:5");
        OutputSlice second = slices.getLast();
        assertThat(second.baseModel().orElseThrow().value()).hasToString("other");
        assertThat(second.sources().getFirst().layerRange()).isEmpty();
    }

    @Test
    void anEmptyLayerRangeIsAllowed() {
        MergeConfig config =
                Recipes.read(
                        """
                        merge_method: passthrough
                        slices: [{sources: [{model: a, layer_range: [1, 1]}]}]
                        """);
        LayerRange range =
                ((Slices) config.composition())
                        .slices()
                        .getFirst()
                        .sources()
                        .getFirst()
                        .layerRange()
                        .orElseThrow();
        assertThat(range.layers()).isZero();
    }

    @Test
    void modules() {
        MergeConfig config =
                Recipes.read(
                        """
                        merge_method: linear
                        modules:
                          text:
                            parameters: {weight: 0.25}
                            slices:
                              - sources: [{model: a, layer_range: [0, 2]}]
                          vision:
                            models: [{model: b}]
                        """);
        List<ModuleConfig> modules = ((Modules) config.composition()).modules();
        assertThat(modules).extracting(ModuleConfig::name).containsExactly("text", "vision");
        assertThat(modules.getFirst().composition()).isInstanceOf(Slices.class);
        assertThat(modules.getFirst().parameters().value("weight", "x", 0))
                .hasValue(Value.of(0.25));
        assertThat(modules.getFirst().at()).hasToString("r.yml:3:3");
        assertThat(modules.getLast().composition()).isInstanceOf(WholeModels.class);
    }

    @Test
    void yamlForms() {
        Problems problems = new Problems();
        MergeConfig config =
                Recipes.read(
                                """
                                %YAML 1.1
                                ---
                                merge_method: linear
                                x-unknown-but-ignored: {any: thing}
                                models:
                                - model: '../../../models/llama-a-f32'
                                  parameters: &p
                                    weight:
                                    - filter: "*"
                                      value: 1          # an integer for a float
                                - model: "../../../models/llama-b-f32"
                                  parameters:
                                    weight:
                                    - filter: input_layernorm
                                      value: [1, 0]
                                    - filter: self_attn.q
                                      value: .5
                                    - value: 2
                                - {"model": "llama-c-f32", "parameters": {"weight": 5e-1}}
                                parameters:
                                  normalize: yes
                                dtype: float32
                                """,
                                problems)
                        .orElseThrow();
        assertThat(problems.all()).isEmpty();
        ParameterSet second = models(config).get(1).parameters();
        assertThat(second.value("weight", "model.layers.0.input_layernorm.weight", 0.25))
                .hasValue(Value.of(0.75));
        assertThat(second.value("weight", "model.layers.0.self_attn.q_proj.weight", 0.25))
                .hasValue(Value.of(0.5));
        assertThat(second.value("weight", "lm_head.weight", 0)).hasValue(Value.of(2));
        assertThat(models(config).getFirst().parameters().value("weight", "any", 0))
                .hasValue(Value.of(1));
        assertThat(setting(models(config).getLast(), "weight")).isEqualTo(constant(0.5));
        assertThat(setting(config, "normalize")).isEqualTo(constant(1));
    }

    @Test
    void mergeKeys() {
        MergeConfig config =
                Recipes.read(
                        """
                        defaults: &d
                          weight: 0.3
                          density: 0.5
                        merge_method: ties
                        base_model: "../../../models/llama-base-f32"
                        models:
                          - model: "../../../models/llama-a-f32"
                            parameters:
                              <<: *d
                          - model: "../../../models/llama-b-f32"
                            parameters:
                              <<: *d
                              weight: 0.9
                        parameters:
                          normalize: 0
                          int8_mask: false
                        dtype: float32
                        """);
        assertThat(setting(models(config).getFirst(), "weight")).isEqualTo(constant(0.3));
        assertThat(setting(models(config).getLast(), "weight")).isEqualTo(constant(0.9));
        assertThat(setting(models(config).getLast(), "density")).isEqualTo(constant(0.5));
        assertThat(setting(config, "normalize")).isEqualTo(constant(0));
        assertThat(setting(config, "int8_mask")).isEqualTo(constant(0));
    }

    @Test
    void numbersInQuotes() {
        MergeConfig config =
                Recipes.read(
                        """
                        merge_method: linear
                        models:
                          - {model: a, parameters: {weight: "0.25"}}
                          - {model: b, parameters: {weight: ['0.5', 1]}}
                        """);
        assertThat(setting(models(config).getFirst(), "weight")).isEqualTo(constant(0.25));
        assertThat(setting(models(config).getLast(), "weight"))
                .isEqualTo(new Gradient(List.of(0.5, 1.0)));
    }

    @Test
    void anEmptyFilterMatchesEveryTensor() {
        MergeConfig config = Recipes.withParameters("{t: [{filter: '', value: 0.3}]}");
        assertThat(config.parameters().value("t", "model.norm.weight", 0)).hasValue(Value.of(0.3));
    }

    @Test
    void aSingleCaseNeedsNoList() {
        MergeConfig config = Recipes.withParameters("{t: {filter: mlp, value: 0.3}}");
        assertThat(config.parameters().value("t", "layers.0.mlp", 0)).hasValue(Value.of(0.3));
        assertThat(config.parameters().value("t", "layers.0.attn", 0)).isEmpty();
    }

    @Test
    void nestedModelReferences() {
        MergeConfig config =
                Recipes.read(
                        """
                        merge_method: linear
                        models:
                          - model: {model: {path: ./base+v2}}
                            parameters: {weight: 1}
                          - model: {model: ./b, override_architecture: MistralForCausalLM}
                            parameters: {weight: 1}
                          - model: {model: {path: c, revision: r}, lora: {path: ad, revision: s}}
                          - model: {model: d@r, lora: ad}
                          - model: {path: e}
                        """);
        assertThat(models(config))
                .extracting(m -> m.model().value())
                .containsExactly(
                        ModelReference.of("./base+v2"),
                        ModelReference.of("./b").withOverrideArchitecture("MistralForCausalLM"),
                        new ModelReference(
                                "c",
                                Optional.of("r"),
                                Optional.of(new AdapterReference("ad", Optional.of("s"))),
                                Optional.empty()),
                        new ModelReference(
                                "d",
                                Optional.of("r"),
                                Optional.of(new AdapterReference("ad", Optional.empty())),
                                Optional.empty()),
                        ModelReference.of("e"));
    }

    @Test
    void nullMeansAbsent() {
        MergeConfig config =
                Recipes.read(
                        """
                        merge_method: linear
                        base_model: null
                        models:
                          - model: a
                            parameters:
                        slices: ~
                        parameters:
                        dtype:
                        tokenizer: null
                        """);
        assertThat(config.baseModel()).isEmpty();
        assertThat(config.dtype()).isEmpty();
        assertThat(config.tokenizer()).isEmpty();
        assertThat(models(config)).hasSize(1);
    }

    @Test
    void relativePathsAreLookedForInTheWorkingDirectory(@TempDir Path folder) throws Exception {
        Files.createDirectory(folder.resolve("base+v2"));
        Path file = folder.resolve("recipe.yml");
        Files.writeString(
                file,
                """
                merge_method: linear
                models: [{model: ./base+v2}, {model: ./base+v2+./ad}, {model: "a\\0b+c"}]
                """);
        Problems problems = new Problems();
        MergeConfig config =
                new RecipeReader(folder).read(file, "recipe.yml", problems).orElseThrow();
        assertThat(problems.all()).isEmpty();
        assertThat(config.source()).isEqualTo("recipe.yml");
        assertThat(models(config))
                .extracting(m -> m.model().value().path())
                .containsExactly("./base+v2", "./base+v2", "a\0b");
        assertThat(models(config).get(1).model().value().adapter())
                .contains(new AdapterReference("./ad", Optional.empty()));
    }

    @Test
    void filesThatAreNoRecipesAreNamed(@TempDir Path folder) throws Exception {
        Path latin = folder.resolve("latin.yml");
        Files.write(latin, "a: 1\nname: café\n".getBytes(StandardCharsets.ISO_8859_1));
        Path cut = folder.resolve("cut.yml");
        Files.write(cut, new byte[] {'a', (byte) 0xC3});
        Path huge = folder.resolve("huge.yml");
        Files.write(huge, new byte[(4 << 20) + 1]);
        Path missing = folder.resolve("nothere.yml");

        assertThat(onlyProblem(latin))
                .isEqualTo(
                        latin
                                + ": is not UTF-8 text (found byte 0xE9 on line 2); save the file"
                                + " as UTF-8");
        assertThat(onlyProblem(cut))
                .isEqualTo(
                        cut
                                + ": is not UTF-8 text (found byte 0xC3 on line 1); save the file"
                                + " as UTF-8");
        assertThat(onlyProblem(missing)).isEqualTo(missing + ": no such file");
        assertThat(onlyProblem(folder))
                .isEqualTo(folder + ": is a folder (expected a recipe in a file)");
        assertThat(onlyProblem(huge))
                .isEqualTo(
                        huge + ": is too large for a recipe (expected at most 1048576 characters)");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aFileThatCannotBeReadIsNamedWithTheReason(@TempDir Path folder) throws Exception {
        Path file = Files.createFile(folder.resolve("recipe.yml")).resolve("inside");
        assertThat(onlyProblem(file)).isEqualTo(file + ": cannot be read (found Not a directory)");
    }

    private static String onlyProblem(Path file) {
        Problems problems = new Problems();
        assertThat(new RecipeReader(file.getParent()).read(file, file.toString(), problems))
                .isEmpty();
        assertThat(problems.all()).hasSize(1);
        return problems.all().getFirst().toString();
    }

    @Test
    void allMistakesAtOnceAreReportedByLine() {
        Problems problems = new Problems();
        Optional<MergeConfig> config =
                Recipes.read(
                        """
                        merge_method: dare-ties
                        base_model: ./base
                        normalize: true
                        slices:
                          - sources:
                              - model: ./a
                                layer_range: [2, 9]
                                weight: 0.5
                              - model: ./b
                                layer_range: [2, 1]
                                parameters: {densty: 0.5, weight: heavy}
                        paramters: {rescale: yes}
                        """,
                        problems);
        assertThat(config).isEmpty();
        assertThat(problems.all())
                .extracting(p -> p.severity() + " " + p.where() + " " + p.what())
                .containsExactly(
                        "ERROR r.yml:3:1 method parameter 'normalize' is at the top level",
                        "ERROR r.yml:8:9 method parameter 'weight' is in an entry of 'sources'",
                        "ERROR r.yml:10:22 'layer_range' is not a layer range",
                        "ERROR r.yml:11:22 unknown parameter 'densty' (did you mean 'density'?)",
                        "ERROR r.yml:11:43 parameter 'weight' has the wrong form",
                        "WARNING r.yml:12:1 unknown key 'paramters' at the top level"
                                + " (did you mean 'parameters'?)");
    }

    @Test
    void mistakesThatOnlyThePlanCanTellAreReadAsWritten() {
        Problems problems = new Problems();
        MergeConfig config =
                Recipes.read(
                                """
                                merge_method: dare-ties
                                normalize: true
                                base_model: ./four-layers
                                models:
                                  - model: ./six-layers
                                    weight: 0.5
                                    parameters: {densty: 0.5}
                                """,
                                problems)
                        .orElseThrow();
        assertThat(config.mergeMethod().value()).isEqualTo("dare-ties");
        assertThat(setting(models(config).getFirst(), "densty")).isEqualTo(constant(0.5));
        assertThat(problems.all()).extracting(Problem::severity).containsOnly(Severity.ERROR);
        assertThat(problems.all())
                .extracting(Problem::hint)
                .containsExactly("it belongs under 'parameters'", "it belongs under 'parameters'");
    }
}
