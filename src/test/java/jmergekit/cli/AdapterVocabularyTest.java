package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import jmergekit.fixture.RecipeRun;
import jmergekit.fixture.TinyAdapter;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyModel.Values;
import jmergekit.fixture.TinyTokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Adapters that change embeddings or bring a tokenizer, end to end.
final class AdapterVocabularyTest {
    private static final String EMBEDDINGS = "model.embed_tokens";
    private static final String HEAD = "lm_head";
    private static final int HIDDEN = 32;

    @TempDir private Path folder;

    @Test
    void embeddingsAreChangedByTheTransposedProduct() {
        TinyModel base = untied().write(folder.resolve("base"), "F32");
        float[] a = TinyAdapter.values(3 * 96, 2);
        float[] b = TinyAdapter.values(32 * 3, 4);
        lookup(a, b).write(folder.resolve("ad"), "F32");

        float[] merged = merge(passthrough("./base+./ad")).get(EMBEDDINGS + ".weight").data();

        double[] product = TinyAdapter.product(b, a, 3);
        float[] w = base.data(EMBEDDINGS + ".weight");
        for (int token = 0; token < 96; token++) {
            for (int i = 0; i < 32; i++) {
                assertThat((double) merged[token * 32 + i])
                        .isCloseTo(w[token * 32 + i] + product[i * 96 + token], within(1e-5));
            }
        }
    }

    @Test
    void anAdaptersLargerVocabularyIsTheOutputs() {
        untied().write(folder.resolve("base"), "F32");
        TinyAdapter adapter = adapter();
        for (String name : List.of(EMBEDDINGS + ".base_layer.weight", HEAD + ".weight")) {
            adapter.tensor(name, List.of(100, 32), TinyAdapter.values(100 * 32, 1));
        }
        adapter.write(folder.resolve("ad"), "F32");

        Map<String, Values> out = merge(passthrough("./base+./ad"));

        assertThat(out.get(EMBEDDINGS + ".weight").data())
                .isEqualTo(TinyAdapter.values(100 * 32, 1));
        assertThat(new RecipeRun(folder).config().path("vocab_size").intValue()).isEqualTo(100);
    }

    @Test
    void anAdaptersTokenizerTakesThePlaceOfTheModels() throws IOException {
        untied().write(folder.resolve("base"), "F32");
        adapter().write(folder.resolve("ad"), "F32");
        for (String file :
                List.of("base/tokenizer.json", "base/added_tokens.json", "ad/tokenizer.json")) {
            Files.writeString(folder.resolve(file), "{\"from\": \"" + file + "\"}");
        }
        Files.writeString(folder.resolve("base/generation_config.json"), "{}");

        merge(passthrough("./base+./ad"));

        assertThat(folder.resolve("out/tokenizer.json")).content().contains("ad/tokenizer.json");
        assertThat(folder.resolve("out/added_tokens.json")).doesNotExist();
        assertThat(folder.resolve("out/generation_config.json")).exists();
        assertThat(folder.resolve("out/adapter_config.json")).doesNotExist();
    }

    @Test
    void rowsAreTakenFromTheChangedEmbeddingsByTheAdaptersTokenizer() {
        List<String> tokens = IntStream.range(0, 96).mapToObj(i -> "t" + i).toList();
        List<String> reversed = new ArrayList<>(tokens.reversed());
        TinyModel base = untied().write(folder.resolve("base"), "F32");
        TinyModel other = untied().tuned(1).write(folder.resolve("other"), "F32");
        TinyTokenizer.of(tokens).write(folder.resolve("base"));
        TinyTokenizer.of(tokens).write(folder.resolve("other"));
        TinyTokenizer.of(reversed).write(folder.resolve("ad"));
        float[] a = TinyAdapter.values(3 * 96, 2);
        float[] b = TinyAdapter.values(HIDDEN * 3, 4);
        lookup(a, b).write(folder.resolve("ad"), "F32");

        float[] merged =
                merge(
                                """
                                merge_method: linear
                                models:
                                  - {model: ./other, parameters: {weight: 1}}
                                  - {model: ./base+./ad, parameters: {weight: 1}}
                                tokenizer: {source: union}
                                """)
                        .get(EMBEDDINGS + ".weight")
                        .data();

        double[] product = TinyAdapter.product(b, a, 3);
        float[] ours = base.data(EMBEDDINGS + ".weight");
        float[] theirs = other.data(EMBEDDINGS + ".weight");
        for (int token = 0; token < 96; token++) {
            int row = 95 - token;
            for (int i = 0; i < HIDDEN; i++) {
                double changed = ours[row * HIDDEN + i] + product[i * 96 + row];
                assertThat((double) merged[token * HIDDEN + i])
                        .isCloseTo((theirs[token * HIDDEN + i] + changed) / 2, within(1e-5));
            }
        }
    }

    private static TinyModel untied() {
        return TinyModel.llama(4, 96, false, 0);
    }

    private static TinyAdapter lookup(float[] a, float[] b) {
        return new TinyAdapter(3, 3)
                .tensor(EMBEDDINGS + ".lora_embedding_A", List.of(3, 96), a)
                .tensor(EMBEDDINGS + ".lora_embedding_B", List.of(HIDDEN, 3), b);
    }

    private static TinyAdapter adapter() {
        return new TinyAdapter(4, 8).factors("model.layers.1.self_attn.q_proj", 4, 32, 32);
    }

    private static String passthrough(String model) {
        return "merge_method: passthrough\nmodels:\n  - model: " + model + "\n";
    }

    private Map<String, Values> merge(String recipe) {
        return new RecipeRun(folder).merge(recipe);
    }
}
