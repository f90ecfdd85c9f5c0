package jmergekit.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jmergekit.linalg.DecoderShape;
import jmergekit.model.ModelConfig;
import jmergekit.problem.MergeException;
import jmergekit.tensor.Shape;
import jmergekit.weights.JsonTree;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class DecoderModelTest {
    private static final String LLAMA =
            """
            {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 8,
             "num_attention_heads": 2, "num_hidden_layers": 1, "num_key_value_heads": 1,
             "max_position_embeddings": 64, "tie_word_embeddings": false}
            """;

    private static ModelConfig config(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return new ModelConfig("config.json", (ObjectNode) JsonTree.read(bytes));
    }

    private static Map<String, Shape> tensors() {
        Map<String, Shape> tensors = new TreeMap<>();
        tensors.put("model.embed_tokens.weight", Shape.of(10, 8));
        tensors.put("model.norm.weight", Shape.of(8));
        tensors.put("lm_head.weight", Shape.of(10, 8));
        String layer = "model.layers.0.";
        tensors.put(layer + "self_attn.q_proj.weight", Shape.of(8, 8));
        tensors.put(layer + "self_attn.k_proj.weight", Shape.of(4, 8));
        tensors.put(layer + "self_attn.v_proj.weight", Shape.of(4, 8));
        tensors.put(layer + "self_attn.o_proj.weight", Shape.of(8, 8));
        tensors.put(layer + "mlp.gate_proj.weight", Shape.of(12, 8));
        tensors.put(layer + "mlp.up_proj.weight", Shape.of(12, 8));
        tensors.put(layer + "mlp.down_proj.weight", Shape.of(8, 12));
        tensors.put(layer + "input_layernorm.weight", Shape.of(8));
        tensors.put(layer + "post_attention_layernorm.weight", Shape.of(8));
        return tensors;
    }

    @Test
    void aDecoderIsFoundInNamesAndConfiguration() {
        DecoderModel model = DecoderModel.of(config(LLAMA), tensors());

        DecoderShape shape = model.shape();
        assertThat(shape.layers()).isEqualTo(1);
        assertThat(shape.hidden()).isEqualTo(8);
        assertThat(shape.headSize()).isEqualTo(4);
        // Keys and values of one layer and head, of 4 float32 each.
        assertThat(shape.keyValueBytes()).isEqualTo(32);
        assertThat(model.finalNorm()).isEqualTo("model.norm.weight");
        assertThat(model.head()).isEqualTo("lm_head.weight");
        assertThat(model.vocabulary()).isEqualTo(10);
        assertThat(model.longestText()).isEqualTo(64);
    }

    @Test
    void theEmbeddingsAreTheHeadWhereItIsTiedOrMissing() {
        Map<String, Shape> headless = tensors();
        headless.remove("lm_head.weight");
        String tied =
                LLAMA.replace("\"tie_word_embeddings\": false", "\"tie_word_embeddings\": true");

        assertThat(DecoderModel.of(config(LLAMA), headless).head())
                .isEqualTo("model.embed_tokens.weight");
        assertThat(DecoderModel.of(config(tied), tensors()).head())
                .isEqualTo("model.embed_tokens.weight");
    }

    @Test
    void allTensorsThatDoNotFitAreTold() {
        Map<String, Shape> tensors = tensors();
        tensors.remove("model.norm.weight");
        tensors.put("lm_head.weight", Shape.of(9, 8));
        tensors.put("model.layers.0.post_feedforward_layernorm.weight", Shape.of(8));

        assertThatThrownBy(() -> DecoderModel.of(config(LLAMA), tensors))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining(
                        "tensor 'model.layers.0.post_feedforward_layernorm.weight' would not be used")
                .hasMessageContaining("tensor 'model.norm.weight' is missing")
                .hasMessageContaining("tensor 'lm_head.weight' is [9, 8], expected [10, 8]");
    }

    @Test
    void shapesThatMakeNoSenseAreTold() {
        String gate = "model.layers.0.mlp.gate_proj.weight";
        for (Shape shape : List.of(Shape.of(), Shape.of(0, 8))) {
            Map<String, Shape> tensors = tensors();
            tensors.put(gate, shape);

            assertThatThrownBy(() -> DecoderModel.of(config(LLAMA), tensors))
                    .isInstanceOf(MergeException.class)
                    .hasMessageContaining("tensor '%s' is %s, expected a matrix", gate, shape);
        }
        String large = LLAMA.replace("{", "{\"head_dim\": 2147483646, ");
        assertThatThrownBy(() -> DecoderModel.of(config(large), tensors()))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining(
                        "heads are too large (expected at most 65536, found 2147483646)");
        String narrow = LLAMA.replace("\"hidden_size\": 8", "\"hidden_size\": 6");
        assertThatThrownBy(() -> DecoderModel.of(config(narrow), tensors()))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("'hidden_size' is 6, but the embeddings are [10, 8]");
    }

    @Test
    void otherFamiliesAreRefused() {
        String gemma = LLAMA.replace("LlamaForCausalLM", "GemmaForCausalLM");

        assertThatThrownBy(() -> DecoderModel.settings(config(gemma)))
                .isInstanceOf(MergeException.class)
                .hasMessage(
                        "config.json: this model type is not supported (expected one of"
                                + " LlamaForCausalLM, MistralForCausalLM, Qwen2ForCausalLM,"
                                + " Qwen3ForCausalLM, found GemmaForCausalLM)");
    }
}
