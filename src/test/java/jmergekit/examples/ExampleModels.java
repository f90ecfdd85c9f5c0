package jmergekit.examples;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import jmergekit.model.ConfigJson;
import jmergekit.shards.ShardFormat;
import jmergekit.shards.ShardLayout;
import jmergekit.shards.ShardWriter;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Writes the models in `examples/models`: a Llama of four layers and three fine-tunes of it, `chat`,
/// `chatml` (with two more tokens) and `code`. The weights are random, so they say nothing sensible, but each folder is complete.
///
/// The same files come out on every run and machine. To write them anew, run [#main].
final class ExampleModels {
    static final List<String> NAMES = List.of("base", "chat", "chatml", "code");

    private static final JsonMapper JSON = new JsonMapper();
    private static final int HIDDEN = 32;
    private static final int MLP = 64;
    private static final int LAYERS = 4;
    private static final int HEADS = 4;
    private static final int KEY_VALUE_HEADS = 2;

    /// A fine-tune moves a weight by this much, as a fraction of the weights' own spread. Smaller
    /// changes would mostly be lost in bfloat16.
    private static final double CHANGE = 0.1;

    private ExampleModels() {}

    /// @param args the folder to write to; without it `examples/models`
    public static void main(String[] args) throws IOException {
        write(Path.of(args.length > 0 ? args[0] : "examples/models"));
    }

    /// Writes all models, each into a folder of its name, over those that are there.
    static void write(Path folder) throws IOException {
        for (String name : NAMES) {
            Path model = Files.createDirectories(folder.resolve(name));
            writeWeights(model, name);
            writeJson(model.resolve("config.json"), config(tokenizer(name)));
            tokenizer(name).write(model);
        }
    }

    private static ExampleTokenizer tokenizer(String model) {
        return model.equals("chatml") ? ExampleTokenizer.CHATML : ExampleTokenizer.PLAIN;
    }

    private static ObjectNode config(ExampleTokenizer tokenizer) {
        ObjectNode config = JSON.createObjectNode();
        config.putArray("architectures").add("LlamaForCausalLM");
        config.put("model_type", "llama");
        config.put("hidden_size", HIDDEN);
        config.put("intermediate_size", MLP);
        config.put("num_hidden_layers", LAYERS);
        config.put("num_attention_heads", HEADS);
        config.put("num_key_value_heads", KEY_VALUE_HEADS);
        config.put("hidden_act", "silu");
        config.put("max_position_embeddings", 512);
        config.put("rms_norm_eps", 1e-5);
        config.put("rope_theta", 10000.0);
        config.put("vocab_size", tokenizer.size());
        config.put("bos_token_id", tokenizer.id("<s>"));
        config.put("eos_token_id", tokenizer.id(tokenizer.end()));
        config.put("tie_word_embeddings", false);
        config.put("torch_dtype", "bfloat16");
        return config;
    }

    static void writeJson(Path file, ObjectNode json) throws IOException {
        Files.writeString(file, ConfigJson.write(json), StandardCharsets.UTF_8);
    }

    private static Map<String, Shape> shapes(int vocabulary) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        shapes.put("model.embed_tokens.weight", Shape.of(vocabulary, HIDDEN));
        int keyValue = HIDDEN / HEADS * KEY_VALUE_HEADS;
        for (int i = 0; i < LAYERS; i++) {
            String layer = "model.layers." + i + ".";
            shapes.put(layer + "input_layernorm.weight", Shape.of(HIDDEN));
            shapes.put(layer + "self_attn.q_proj.weight", Shape.of(HIDDEN, HIDDEN));
            shapes.put(layer + "self_attn.k_proj.weight", Shape.of(keyValue, HIDDEN));
            shapes.put(layer + "self_attn.v_proj.weight", Shape.of(keyValue, HIDDEN));
            shapes.put(layer + "self_attn.o_proj.weight", Shape.of(HIDDEN, HIDDEN));
            shapes.put(layer + "post_attention_layernorm.weight", Shape.of(HIDDEN));
            shapes.put(layer + "mlp.gate_proj.weight", Shape.of(MLP, HIDDEN));
            shapes.put(layer + "mlp.up_proj.weight", Shape.of(MLP, HIDDEN));
            shapes.put(layer + "mlp.down_proj.weight", Shape.of(HIDDEN, MLP));
        }
        shapes.put("model.norm.weight", Shape.of(HIDDEN));
        shapes.put("lm_head.weight", Shape.of(vocabulary, HIDDEN));
        return shapes;
    }

    private static void writeWeights(Path model, String name) throws IOException {
        List<TensorSpec> specs = new ArrayList<>();
        shapes(tokenizer(name).size())
                .forEach((tensor, shape) -> specs.add(new TensorSpec(tensor, DType.BF16, shape)));
        Files.deleteIfExists(model.resolve("model.safetensors"));
        ShardLayout layout = ShardLayout.plan(ShardFormat.SAFETENSORS, specs, Long.MAX_VALUE);
        try (ShardWriter writer = ShardWriter.create(model, layout, false);
                Arena arena = Arena.ofConfined()) {
            for (TensorSpec spec : specs) {
                float[] values = values(spec, name);
                MemorySegment bytes = arena.allocate(spec.bytes(), 2);
                for (int i = 0; i < values.length; i++) {
                    bytes.setAtIndex(ValueLayout.JAVA_SHORT, i, bf16(values[i]));
                }
                writer.write(spec.name(), 0, bytes);
            }
            writer.finish();
        }
    }

    private static float[] values(TensorSpec spec, String model) {
        boolean norm = spec.shape().rank() == 1;
        double spread = norm ? 0.1 : 1 / Math.sqrt(spec.shape().rowLength());
        Random base = new Random(("base " + spec.name()).hashCode());
        Random change = new Random((model + " " + spec.name()).hashCode());
        double size = model.equals("base") ? 0 : CHANGE * spread;
        float[] values = new float[Math.toIntExact(spec.shape().elements())];
        for (int i = 0; i < values.length; i++) {
            double value = spread * base.nextGaussian() + size * change.nextGaussian();
            values[i] = (float) (norm ? 1 + value : value);
        }
        return values;
    }

    /// The upper half of the float, rounded to nearest even.
    private static short bf16(float value) {
        int bits = Float.floatToRawIntBits(value);
        return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
    }
}
