package jmergekit.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import jmergekit.fixture.Cli;
import jmergekit.fixture.RawFile;
import jmergekit.fixture.RecipeRun;
import jmergekit.fixture.TinyModel;
import jmergekit.safetensors.SafetensorsHeader;
import jmergekit.weights.WeightHeader;

/// Checkpoints whose tensors have the names of packed weights and scales, and dtypes and shapes at
/// random. They are merged with a plain one.
final class PackedReader implements Reader {
    private static final String WEIGHT = "model.layers.0.mlp.up_proj.weight";
    private static final List<String> NAMES =
            List.of(
                    WEIGHT,
                    WEIGHT + "_packed",
                    WEIGHT + "_blocks",
                    WEIGHT + "_scale",
                    WEIGHT + "_scales",
                    WEIGHT + "_scale_inv",
                    WEIGHT + "_scale_2",
                    WEIGHT + "_global_scale",
                    "model.layers.0.mlp.up_proj.scale",
                    "model.layers.0.mlp.up_proj.input_scale");
    private static final List<String> DTYPES =
            List.of("U8", "I8", "F4", "F8_E4M3", "F8_E5M2", "F8_E8M0", "F32", "BF16", "I32");
    private static final int[] SIZES = {0, 1, 1, 2, 3, 4, 16, 32, 33, 64, 128, 130};
    private static final int MOST_BYTES = 1 << 20;
    private static final String RECIPE =
            """
            merge_method: %s
            models:
              - {model: ./A, parameters: {weight: 1}}
              - {model: ./B, parameters: {weight: 0.5}}
            base_model: ./%s
            """;

    private final Random random;
    private final Mutation mutation;
    private final Path folder;

    PackedReader(Random random, Path folder) throws IOException {
        this.random = random;
        this.mutation = new Mutation(random, SafetensorsReader.TOKENS);
        this.folder = Files.createDirectories(folder.resolve("merge"));
        for (String name : List.of("A", "B")) {
            TinyModel.of("LlamaForCausalLM", "llama")
                    .config("num_hidden_layers", 1)
                    .config("torch_dtype", "bfloat16")
                    .config("quantization_config", Map.of("quant_method", "fp8"))
                    .with(WEIGHT, List.of(64, 32), new float[64 * 32])
                    .write(this.folder.resolve(name), "BF16");
        }
    }

    @Override
    public void write(Path file) throws IOException {
        List<String> names = new ArrayList<>(NAMES);
        Collections.shuffle(names, random);
        StringBuilder header = new StringBuilder("{");
        long end = 0;
        for (String name : names.subList(0, 1 + random.nextInt(4))) {
            String dtype = DTYPES.get(random.nextInt(DTYPES.size()));
            List<Integer> shape = shape();
            long bits = shape.stream().mapToLong(s -> s).reduce(1, (a, b) -> a * b);
            long size = bits * bits(dtype) / 8;
            if (end + size > MOST_BYTES) {
                continue;
            }
            header.append(header.length() == 1 ? "\"" : ",\"")
                    .append(name)
                    .append("\":")
                    .append(RawFile.entry(dtype, shape.toString(), end, end + size));
            end += size;
        }
        byte[] text = header.append('}').toString().getBytes(StandardCharsets.UTF_8);
        byte[] damaged = random.nextInt(4) == 0 ? mutation.of(text) : text;
        Files.write(file, RawFile.bytes(damaged, (int) end));
    }

    // Mostly those of the weight and its scales.
    private List<Integer> shape() {
        List<List<Integer>> fitting =
                List.of(
                        List.of(64, 16),
                        List.of(64, 1, 16),
                        List.of(64, 32),
                        List.of(64, 2),
                        List.of(64, 1),
                        List.of(1),
                        List.of());
        if (random.nextInt(3) > 0) {
            return fitting.get(random.nextInt(fitting.size()));
        }
        return random.ints(random.nextInt(4), 0, SIZES.length).mapToObj(i -> SIZES[i]).toList();
    }

    private static int bits(String dtype) {
        return switch (dtype) {
            case "F4" -> 4;
            case "F32", "I32" -> 32;
            case "BF16" -> 16;
            default -> 8;
        };
    }

    @Override
    public WeightHeader read(Path file) throws IOException {
        WeightHeader header = SafetensorsHeader.read(file);
        Files.copy(
                file, folder.resolve("A/model.safetensors"), StandardCopyOption.REPLACE_EXISTING);
        String method = List.of("linear", "ties", "task_arithmetic").get(random.nextInt(3));
        String base = random.nextBoolean() ? "A" : "B";
        String recipe =
                random.nextInt(4) == 0
                        ? "merge_method: passthrough\nmodels: [{model: ./A}]\n"
                        : RECIPE.formatted(method, base);
        Cli.Result result =
                new RecipeRun(folder)
                        .run(recipe, random.nextInt(4) == 0 ? "--dry-run" : "--overwrite");
        if (result.code() != 0 && result.code() != 3) {
            throw new AssertionError(recipe + result.out() + result.err());
        }
        return header;
    }
}
