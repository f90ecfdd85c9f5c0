package jmergekit.examples;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import jmergekit.fixture.TinyAdapter;

/// Writes the adapters in `examples/adapters`: two LoRAs of the example's base model, `poems` and
/// `recipes`. Their weights are random too.
///
/// The same files come out on every run and machine. To write them anew, run [#main].
final class ExampleAdapters {
    static final List<String> NAMES = List.of("poems", "recipes");

    private static final int RANK = 4;
    private static final int LAYERS = 4;

    private ExampleAdapters() {}

    /// @param args the folder to write to; without it `examples/adapters`
    public static void main(String[] args) throws IOException {
        write(Path.of(args.length > 0 ? args[0] : "examples/adapters"));
    }

    /// Writes all adapters, each into a folder of its name, over those that are there.
    static void write(Path folder) throws IOException {
        for (String name : NAMES) {
            TinyAdapter adapter =
                    new TinyAdapter(RANK, 2 * RANK)
                            .config("base_model_name_or_path", "examples/models/base")
                            .config("task_type", "CAUSAL_LM")
                            .config("target_modules", List.of("q_proj", "v_proj", "down_proj"))
                            .config("lora_dropout", 0.0)
                            .config("bias", "none");
            for (int i = 0; i < LAYERS; i++) {
                String layer = "model.layers." + i + ".";
                factors(adapter, name, layer + "self_attn.q_proj", 32, 32);
                factors(adapter, name, layer + "self_attn.v_proj", 16, 32);
                factors(adapter, name, layer + "mlp.down_proj", 32, 64);
            }
            adapter.write(folder.resolve(name), "F32");
        }
    }

    private static void factors(TinyAdapter adapter, String name, String module, int out, int in) {
        adapter.tensor(
                module + ".lora_A.weight", List.of(RANK, in), values(name, module, RANK, in));
        adapter.tensor(
                module + ".lora_B.weight", List.of(out, RANK), values(name, module, out, RANK));
    }

    /// Products of about a hundredth.
    private static float[] values(String name, String module, int rows, int columns) {
        Random random = new Random((name + module + rows).hashCode());
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (0.05 * random.nextGaussian());
        }
        return values;
    }
}
