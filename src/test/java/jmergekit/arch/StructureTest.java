package jmergekit.arch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import jmergekit.model.ModelConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class StructureTest {
    private static final JsonMapper JSON = new JsonMapper();

    @ParameterizedTest
    @CsvSource({
        "model.layers.0.mlp.up_proj.weight,model.layers.1.mlp.up_proj.weight,model.layers.",
        "transformer.h.0.attn.c_attn.weight,transformer.h.1.attn.c_attn.weight,transformer.h.",
        "bert.encoder.layer.0.output.dense.bias,bert.encoder.layer.1.output.dense.bias,"
                + "bert.encoder.layer.",
        "gpt_neox.layers.0.attention.bias,gpt_neox.layers.1.attention.bias,gpt_neox.layers.",
        "transformer.blocks.0.ffn.up_proj.weight,transformer.blocks.1.ffn.up_proj.weight,"
                + "transformer.blocks.",
        "net.block.0.w,net.block.1.w,net.block.",
        "net.resblocks.0.w,net.resblocks.1.w,net.resblocks.",
    })
    void layersAreFoundByTheWordBeforeTheNumber(String first, String second, String prefix) {
        Structure structure = infer("{}", first, second);

        assertThat(structure.stacks())
                .containsExactly(new LayerStack(prefix, "default", 2, List.of()));
    }

    @Test
    void anUnusualWordCountsWhenTheConfigurationGivesItsNumber() {
        String[] names = {"net.stages.0.w", "net.stages.1.w", "head.mlp.0.w", "head.mlp.2.w"};

        assertThat(infer("{\"num_hidden_layers\": 2}", names).stacks())
                .extracting(LayerStack::prefix)
                .containsExactly("net.stages.");
    }

    @Test
    void expertsInsideALayerAreNoLayers() {
        Structure structure =
                infer(
                        "{}",
                        "model.layers.0.mlp.experts.0.up_proj.weight",
                        "model.layers.0.mlp.experts.7.up_proj.weight");

        assertThat(structure.stacks()).extracting(LayerStack::layers).containsExactly(1);
    }

    @Test
    void anEncoderDecoderHasTwoModulesAndSharedTensors() {
        Structure structure =
                infer(
                        "{\"num_layers\": 2, \"num_decoder_layers\": 1}",
                        "shared.weight",
                        "encoder.block.0.layer.0.SelfAttention.q.weight",
                        "encoder.block.1.layer.0.SelfAttention.q.weight",
                        "encoder.final_layer_norm.weight",
                        "decoder.block.0.layer.0.SelfAttention.q.weight");

        assertThat(structure.modules()).containsExactly("decoder", "encoder", "shared");
        assertThat(structure.mainStack()).isEmpty();
        assertThat(structure.stack("encoder").orElseThrow().countKey())
                .containsExactly("num_layers");
        assertThat(structure.stack("decoder").orElseThrow().countKey())
                .containsExactly("num_decoder_layers");
        assertThat(structure.place("encoder.final_layer_norm.weight"))
                .isEqualTo(new Place.AfterLayers("encoder"));
    }

    @Test
    void theTextStackOfAVisionModelIsTheMainOne() {
        Structure structure =
                infer(
                        "{\"text_config\": {\"num_hidden_layers\": 1}}",
                        "vision_tower.encoder.layers.0.mlp.fc1.weight",
                        "language_model.model.layers.0.mlp.up_proj.weight",
                        "multi_modal_projector.linear_1.weight",
                        "language_model.lm_head.weight");

        LayerStack text = structure.mainStack().orElseThrow();
        assertThat(text.module()).isEqualTo("language_model");
        assertThat(text.countKey()).containsExactly("text_config", "num_hidden_layers");
        assertThat(structure.modules())
                .containsExactly("language_model", "vision_tower", "multi_modal_projector");
    }

    @ParameterizedTest
    @CsvSource({
        "model.embed_tokens.weight,true",
        "transformer.wte.weight,true",
        "transformer.wpe.weight,true",
        "bert.embeddings.LayerNorm.weight,true",
        "gpt_neox.embed_in.weight,true",
        "model.decoder.embed_positions.weight,true",
        "backbone.embeddings.weight,true",
        "model.norm.weight,false",
        "transformer.ln_f.bias,false",
        "lm_head.weight,false",
        "embed_out.weight,false",
        "classifier.weight,false",
        "bert.pooler.dense.weight,false",
    })
    void embeddingsComeBeforeTheLayersAndTheRestAfter(String name, boolean before) {
        Place place = infer("{}", name, "model.layers.0.x").place(name);

        assertThat(place instanceof Place.BeforeLayers).isEqualTo(before);
    }

    @Test
    void aHeadIsTiedToTheInputEmbeddings() {
        Structure structure = infer("{}", "model.embed_tokens.weight", "model.layers.0.x");

        assertThat(structure.tiedTo("lm_head.weight")).contains("model.embed_tokens.weight");
        assertThat(structure.tiedTo("model.norm.weight")).isEmpty();
    }

    @Test
    void numbersTooLargeForALayerAreNames() {
        assertThat(TensorName.split("model.layers.12345678901.x")).isEmpty();
    }

    private static Structure infer(String config, String... names) {
        ObjectNode json = (ObjectNode) JSON.readTree(config);
        return Structure.infer(new ModelConfig("config.json", json), List.of(names));
    }
}
