package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jmergekit.fixture.Cli;
import jmergekit.fixture.TinyAdapter;
import jmergekit.fixture.TinyModel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/// Adapters that cannot be applied are refused from their headers, by name.
final class AdapterRefusalTest {
    private static final String Q = "model.layers.1.self_attn.q_proj";

    @TempDir private Path folder;

    @BeforeEach
    void writeModel() {
        TinyModel.llama(4, 96, false, 0).write(folder.resolve("base"), "F32");
    }

    @Test
    void tensorsThatMatchNoneAreAllNamed() throws IOException {
        TinyAdapter adapter = adapter().factors("model.layers.0.mlp.fc9", 4, 32, 32);
        for (int i = 0; i < 4; i++) {
            adapter.factors("model.layers.%d.self_attn.qkv_proj".formatted(i), 4, 96, 32);
        }
        adapter.tensor("model.layers.7.norm.weight", List.of(32), new float[32])
                .write(folder.resolve("ad"), "F32");

        assertRefused(
                "'base_model.model.model.layers.[0-3].self_attn.qkv_proj.lora_A.weight'",
                "'base_model.model.model.layers.0.mlp.fc9.lora_A.weight'",
                "'model.layers.7.norm.weight'",
                "matches no tensor of the model",
                "is it an adapter of './base'?");
    }

    @Test
    void wrongShapesAreNamedBoth() throws IOException {
        adapter()
                .factors("model.layers.0.mlp.up_proj", 4, 32, 64)
                .tensor("model.norm.weight", List.of(33), new float[33])
                .write(folder.resolve("ad"), "F32");

        assertRefused(
                "'model.layers.0.mlp.up_proj' of the adapter has factors A [4, 64] and B [32, 4]"
                        + " for the model's [64, 32]",
                "'model.norm.weight' of the adapter is [33], the model's is [32]");
    }

    @Test
    void factorsOfDifferentRanksAreRefused() throws IOException {
        new TinyAdapter(4, 4)
                .tensor(Q + ".lora_A.weight", List.of(4, 32), new float[128])
                .tensor(Q + ".lora_B.weight", List.of(32, 3), new float[96])
                .write(folder.resolve("ad"), "F32");

        assertRefused("A [4, 32] and B [32, 3]", "do not fit");
    }

    @Test
    void aRankOtherThanTheSettingsIsRefused() throws IOException {
        new TinyAdapter(8, 4).factors(Q, 4, 32, 32).write(folder.resolve("ad"), "F32");

        assertRefused("factors of rank 4, but adapter_config.json says 8");
    }

    @Test
    void convolutionsAreRefused() throws IOException {
        TinyModel.llama(4, 96, false, 0)
                .with("visual.conv.weight", List.of(4, 3, 2, 2), new float[48])
                .write(folder.resolve("base"), "F32");
        new TinyAdapter(2, 2)
                .tensor("visual.conv.lora_A.weight", List.of(2, 3, 2, 2), new float[24])
                .tensor("visual.conv.lora_B.weight", List.of(4, 2, 1, 1), new float[8])
                .write(folder.resolve("ad"), "F32");

        assertRefused("'visual.conv'", "[4, 3, 2, 2]", "only matrices can be changed");
    }

    @Test
    void aBiasForAModuleWithoutOneIsRefused() throws IOException {
        adapter()
                .tensor(Q + ".lora_B.bias", List.of(32), new float[32])
                .write(folder.resolve("ad"), "F32");

        assertRefused("'base_model.model." + Q + ".lora_B.bias'", "matches no tensor");
    }

    @Test
    void aFactorWithoutItsPartnerIsRefused() throws IOException {
        adapter()
                .tensor("model.layers.2.mlp.up_proj.lora_A.weight", List.of(4, 32), new float[128])
                .write(folder.resolve("ad"), "F32");

        assertRefused(
                "'base_model.model.model.layers.2.mlp.up_proj.lora_A.weight'",
                "not one of a pair of factors");
    }

    @Test
    void otherKindsOfTensorsAreRefusedByName() throws IOException {
        adapter()
                .config("use_dora", true)
                .tensor(Q + ".lora_magnitude_vector", List.of(32), new float[32])
                .write(folder.resolve("ad"), "F32");

        assertRefused("'use_dora'", "'base_model.model." + Q + ".lora_magnitude_vector'");
    }

    @ParameterizedTest
    @CsvSource({
        "peft_type, '\"IA3\"', \"found 'IA3'\"",
        "peft_type, null, \"expected peft_type 'LORA', found\"",
        "init_lora_weights, '\"pissa\"', \"'pissa'\"",
        "layer_replication, '[[0, 2]]', \"'layer_replication'\"",
        "target_parameters, '[\"experts.w\"]', \"'target_parameters'\"",
        "rank_pattern, '{\"(\": 4}', \"'rank_pattern': has a key that is not a regular"
                + " expression\"",
    })
    void otherKindsOfAdaptersAreRefusedByName(String key, String value, String message)
            throws IOException {
        adapter()
                .config(key, JsonMapper.shared().readTree(value))
                .write(folder.resolve("ad"), "F32");

        assertRefused("./base+./ad/adapter_config.json", message.replace("\"", ""));
    }

    @ParameterizedTest
    @CsvSource({
        "adapter_config.json, not an adapter",
        "adapter_model.safetensors, the adapter has no adapter_model.safetensors",
    })
    void missingFilesAreNamed(String file, String message) throws IOException {
        adapter().write(folder.resolve("ad"), "F32");
        Files.delete(folder.resolve("ad").resolve(file));

        assertRefused(message);
    }

    @Test
    void aMissingAdapterAndAMissingModelAreBothReported() throws IOException {
        Cli.Result result = run("./none+./nowhere");

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err())
                .contains("adapter './nowhere' of './none+./nowhere': no such")
                .contains("error: ./none+./nowhere: no such");
    }

    @Test
    void adapterOfAnotherFormatThanItsNameSaysIsRefusedByName() throws IOException {
        adapter().write(folder.resolve("ad"), "F32");
        Files.move(
                folder.resolve("ad/adapter_model.safetensors"),
                folder.resolve("ad/adapter_model.bin"));

        assertRefused("adapter_model.bin", "is not a PyTorch checkpoint");
    }

    private static TinyAdapter adapter() {
        return new TinyAdapter(4, 8).factors(Q, 4, 32, 32);
    }

    private void assertRefused(String... messages) throws IOException {
        Cli.Result result = run("./base+./ad");

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err()).contains(messages).doesNotContain("\tat ");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    private Cli.Result run(String model) throws IOException {
        Files.writeString(
                folder.resolve("recipe.yml"),
                "merge_method: passthrough\nmodels: [{model: \"" + model + "\"}]\n");
        return Cli.run(folder, "yaml", "recipe.yml", "out");
    }
}
