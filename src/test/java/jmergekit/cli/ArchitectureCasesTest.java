package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jmergekit.fixture.Cli;
import jmergekit.fixture.RecipeRun;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyModel.Values;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Models whose tensors are named differently, or of which one is a part of the other, end to end.
final class ArchitectureCasesTest {
    private static final String Q = "layers.1.self_attn.q_proj.weight";

    @TempDir private Path folder;

    @Test
    void bertsWithAndWithoutTheirPrefixMergeUnderTheNamesOfTheFirst() throws IOException {
        TinyModel a = bert("", 0);
        a.with("embeddings.position_ids", List.of(1, 64), counting(64), "I64");
        a.write(folder.resolve("A"), "F32");
        TinyModel b = bert("bert.", 1).write(folder.resolve("B"), "F32");
        writeSideFiles();

        Map<String, Values> out = merge(linear("./A", "./B"));

        assertThat(out.keySet()).isEqualTo(TinyModel.read(folder.resolve("A")).keySet());
        for (String name : shapes().keySet()) {
            float[] ours = a.data(name);
            float[] theirs = b.data("bert." + name);
            for (int i = 0; i < ours.length; i++) {
                assertThat(out.get(name).data()[i]).isEqualTo((ours[i] + 3 * theirs[i]) / 4);
            }
        }
        assertThat(out.get("embeddings.position_ids").data()).isEqualTo(counting(64));
        assertThat(new RecipeRun(folder).dtypes()).containsEntry("embeddings.position_ids", "I64");
        for (String file :
                List.of("modules.json", "1_Pooling/config.json", "sentence_bert_config.json")) {
            assertThat(folder.resolve("out").resolve(file))
                    .hasSameBinaryContentAs(folder.resolve("A").resolve(file));
        }
    }

    @Test
    void namesThatDoNotMatchAreListedOfBothSides() throws IOException {
        bert("", 0).write(folder.resolve("A"), "F32");
        bert("", 1)
                .renamed(n -> n.replace("encoder.layer", "blocks").replace("embeddings", "emb"))
                .write(folder.resolve("B"), "F32");

        Cli.Result result = run(linear("./A", "./B"));

        assertThat(result.code()).isIn(2, 3);
        assertThat(result.err())
                .contains("./B: its tensor names differ from those of './A'")
                .contains("encoder.layer.[0-1].attention.self.query.weight")
                .contains("blocks.[0-1].attention.self.query.weight");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({
        "language_model.model., language_model.lm_head.weight, vision_tower.",
        "model.language_model., lm_head.weight, model.vision_tower.",
        "model., lm_head.weight, visual.",
    })
    void aLanguageModelIsMergedIntoOneThatSees(String text, String head, String tower)
            throws IOException {
        TinyModel base = seeing(text, head, tower).write(folder.resolve("base"), "F32");
        TinyModel expert =
                TinyModel.llama(2, 24, false, 0).tuned(1).write(folder.resolve("text"), "F32");

        Map<String, Values> out =
                merge(
                        """
                        merge_method: task_arithmetic
                        base_model: ./base
                        models: [{model: ./text, parameters: {weight: 0.5}}]
                        """);

        assertThat(out.keySet()).isEqualTo(TinyModel.read(folder.resolve("base")).keySet());
        float[] before = base.data(text + Q);
        float[] theirs = expert.data("model." + Q);
        for (int i = 0; i < before.length; i++) {
            assertThat(out.get(text + Q).data()[i])
                    .isEqualTo(before[i] + 0.5f * (theirs[i] - before[i]));
        }
        assertThat(out.get(head).data()).isNotEqualTo(base.data(head));
        for (String kept : List.of(tower + "layers.0.mlp.weight", "image_newline")) {
            assertThat(out.get(kept).data()).isEqualTo(base.data(kept));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "linear, 'parameters: {weight: 2, normalize: false}'",
        "slerp, 'parameters: {t: 1}'"
    })
    void whatOnlyTheFirstModelHasIsKeptWhateverTheMethod(String method, String parameters)
            throws IOException {
        TinyModel base =
                seeing("model.language_model.", "lm_head.weight", "model.visual.")
                        .write(folder.resolve("base"), "BF16");
        TinyModel.llama(2, 24, false, 3).write(folder.resolve("text"), "BF16");
        String recipe =
                "merge_method: %s\nbase_model: ./base\nmodels: [{model: ./text}]\n%s\ndtype: float32\n"
                        .formatted(method, parameters);

        Map<String, Values> out = merge(recipe);
        Cli.Result plan = run(recipe, "--dry-run");

        assertThat(out.get("model.visual.layers.0.mlp.weight").data())
                .isEqualTo(base.data("model.visual.layers.0.mlp.weight"));
        assertThat(new RecipeRun(folder).dtypes())
                .containsEntry("model.visual.layers.0.mlp.weight", "F32");
        assertThat(plan.out())
                .contains("./text: names 'model.*' as 'model.language_model.*'")
                .contains(
                        "./text is merged with the language model of ./base, whose visual is copied")
                .contains("21 tensors merged, 3 copied, 0 skipped");
    }

    @Test
    void aLanguageModelOfAnotherKindIsRefused() throws IOException {
        seeing("model.language_model.", "lm_head.weight", "model.visual.")
                .config("text_config", Map.of("model_type", "qwen2", "num_hidden_layers", 2))
                .write(folder.resolve("base"), "F32");
        TinyModel.llama(2, 24, false, 3).write(folder.resolve("text"), "F32");

        Cli.Result result = run(linear("./base", "./text"));
        Cli.Result allowed = run(linear("./base", "./text"), "--allow-crimes");

        assertThat(result.code()).isIn(2, 3);
        assertThat(result.err()).contains("models of different architectures", "--allow-crimes");
        assertThat(allowed.code()).as(allowed.err()).isZero();
    }

    @Test
    void tensorsThatAreLeftOutAreCountedAndListed() throws IOException {
        TinyModel.llama(4, 24, false, 0).write(folder.resolve("A"), "F32");
        String recipe =
                """
                merge_method: passthrough
                slices: [{sources: [{model: ./A, layer_range: [0, 3]}]}]
                """;

        Cli.Result plan = run(recipe, "--dry-run");
        Cli.Result result = run(recipe);

        assertThat(plan.out())
                .contains("tensors   30 tensors merged, 0 copied, 9 skipped")
                .contains("skipped ./A: model.layers.3.*, outside the layer ranges of the slices");
        assertThat(result.err())
                .contains(
                        "out: 30 tensors merged, 0 copied, 9 skipped (model.layers.3.* of ./A), ");
    }

    /// A model that also sees, with the language model of [TinyModel#llama].
    private static TinyModel seeing(String text, String head, String tower) {
        TinyModel model =
                TinyModel.llama(2, 24, false, 0)
                        .renamed(
                                n -> n.equals("lm_head.weight") ? head : n.replace("model.", text));
        for (int i = 0; i < 2; i++) {
            model.with(tower + "layers." + i + ".mlp.weight", List.of(4, 4), counting(16));
        }
        return model.with("image_newline", List.of(32), counting(32))
                .config("architectures", List.of("LlavaForConditionalGeneration"))
                .config("model_type", "llava")
                .config("text_config", Map.of("model_type", "llama", "num_hidden_layers", 2))
                .config("vision_config", Map.of("num_hidden_layers", 2));
    }

    private static Map<String, List<Integer>> shapes() {
        Map<String, List<Integer>> shapes = new LinkedHashMap<>();
        shapes.put("embeddings.word_embeddings.weight", List.of(96, 32));
        shapes.put("embeddings.position_embeddings.weight", List.of(64, 32));
        shapes.put("embeddings.LayerNorm.weight", List.of(32));
        for (int i = 0; i < 2; i++) {
            String layer = "encoder.layer." + i + ".";
            shapes.put(layer + "attention.self.query.weight", List.of(32, 32));
            shapes.put(layer + "attention.self.query.bias", List.of(32));
            shapes.put(layer + "output.dense.weight", List.of(32, 64));
        }
        shapes.put("pooler.dense.weight", List.of(32, 32));
        return shapes;
    }

    private static TinyModel bert(String prefix, int m) {
        TinyModel model =
                TinyModel.of("BertModel", "bert")
                        .config("hidden_size", 32)
                        .config("num_hidden_layers", 2)
                        .config("vocab_size", 96);
        int k = 0;
        for (Map.Entry<String, List<Integer>> e : shapes().entrySet()) {
            float[] data = new float[e.getValue().stream().reduce(1, (a, b) -> a * b)];
            for (int i = 0; i < data.length; i++) {
                data[i] = ((37 * i + 101 * k + 13 * m) % 211 - 105) / 128f;
            }
            model.with(prefix + e.getKey(), e.getValue(), data);
            k++;
        }
        return model;
    }

    private void writeSideFiles() throws IOException {
        Files.createDirectory(folder.resolve("A/1_Pooling"));
        Files.writeString(
                folder.resolve("A/modules.json"),
                """
                [{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
                 {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}]
                """);
        Files.writeString(
                folder.resolve("A/1_Pooling/config.json"), "{\"pooling_mode\": \"mean\"}");
        Files.writeString(
                folder.resolve("A/sentence_bert_config.json"), "{\"max_seq_length\": 64}");
    }

    private static float[] counting(int n) {
        float[] data = new float[n];
        for (int i = 0; i < n; i++) {
            data[i] = i;
        }
        return data;
    }

    private static String linear(String a, String b) {
        return """
        merge_method: linear
        models:
          - {model: %s, parameters: {weight: 1}}
          - {model: %s, parameters: {weight: 3}}
        dtype: float32
        """
                .formatted(a, b);
    }

    private Map<String, Values> merge(String recipe) {
        return new RecipeRun(folder).merge(recipe);
    }

    private Cli.Result run(String recipe, String... options) {
        return new RecipeRun(folder).run(recipe, options);
    }
}
