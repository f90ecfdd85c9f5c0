package jmergekit.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import jmergekit.ModelSettings;
import jmergekit.Models;
import jmergekit.RunSettings;
import jmergekit.fixture.Cli;
import jmergekit.fixture.RecipeRun;
import jmergekit.fixture.TinyModel;
import jmergekit.plan.Plan;
import jmergekit.plan.SealedPlan;
import jmergekit.weights.TensorEntry;
import jmergekit.weights.WeightHeader;
import tools.jackson.databind.json.JsonMapper;

/// Plans with sources of packed weights, experts and quantised outputs, damaged anywhere, some so that
/// they stay JSON. What is a plan still is given the hash that fits it, and carried out.
final class PlanReader implements Reader {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String VALUES =
            "-1 0 1 2 3 32 64 1e999 9223372036854775807 4611686018427387904 null true [0] [1,0] [64,32]"
                    + " \"F4\" \"U8\" \"BF16\" \"F8_E8M0\" \"viewed\" \"scaled\" \"shaped\" \"rows\""
                    + " \"transposed\" \"interleaved\" \"stacked\" \"quantised_values\""
                    + " \"quantised_scales\" \"parts\" \"copy\" \"merge\" \"sum\"";
    private static final long MOST_BYTES = 1 << 20;
    private static final long MOST_MEMORY = 64 << 20;

    private static final List<String> RECIPES =
            List.of(
                    """
                    merge_method: linear
                    models: [{model: ./A}, {model: ./B}]
                    parameters: {weight: 1}
                    """,
                    """
                    merge_method: ties
                    base_model: ./A
                    models: [{model: ./B, parameters: {weight: 1, density: 0.5}}]
                    """,
                    """
                    merge_method: ties
                    base_model: ./B
                    models: [{model: ./A, parameters: {weight: 1, density: 0.5}}]
                    out_dtype: float8_e4m3fn
                    """);

    private final Random random;
    private final Mutation mutation;
    private final TreeMutation treeMutation;
    private final List<byte[]> plans = new ArrayList<>();
    private final Models models;

    private record NoTensors(Path file, long fileSize) implements WeightHeader {
        @Override
        public List<TensorEntry> entries() {
            return List.of();
        }
    }

    /// @param plan a whole one
    /// @param folder for models whose plans are damaged too
    PlanReader(Random random, Path plan, Path folder) throws IOException {
        this.random = random;
        this.mutation = new Mutation(random, Mutation.tokens((VALUES + " { } [ ] , :").split(" ")));
        this.treeMutation = new TreeMutation(random, VALUES.split(" "));
        plans.add(Files.readAllBytes(plan));
        Path place = Files.createDirectories(folder.resolve("models"));
        packed().write(place.resolve("A"), "BF16");
        plain().write(place.resolve("B"), "BF16");
        for (String recipe : RECIPES) {
            Cli.Result result = new RecipeRun(place).run(recipe, "--dry-run", "--format", "json");
            if (result.code() != 0) {
                throw new IllegalStateException(result.err());
            }
            plans.add(result.out().strip().getBytes(StandardCharsets.UTF_8));
        }
        models =
                Models.open(
                        place,
                        ModelSettings.defaults()
                                .offline(true)
                                .cache(place.resolve("no-downloads")));
    }

    private static TinyModel packed() {
        String experts = "model.layers.0.mlp.experts.";
        return common().config("quantization_config", Map.of("quant_method", "mxfp4"))
                .with(experts + "gate_up_proj_blocks", List.of(2, 64, 1, 16), ones(2048), "U8")
                .with(experts + "gate_up_proj_scales", List.of(2, 64, 1), ones(128), "U8")
                .with(experts + "down_proj_blocks", List.of(2, 32, 1, 16), ones(1024), "U8")
                .with(experts + "down_proj_scales", List.of(2, 32, 1), ones(64), "U8");
    }

    private static TinyModel plain() {
        TinyModel model = common();
        for (int expert = 0; expert < 2; expert++) {
            for (String part : List.of("gate", "up", "down")) {
                model.with(
                        "model.layers.0.mlp.experts.%d.%s_proj.weight".formatted(expert, part),
                        List.of(32, 32),
                        ones(1024));
            }
        }
        return model;
    }

    private static TinyModel common() {
        return TinyModel.of("GptOssForCausalLM", "gpt_oss")
                .config("num_hidden_layers", 1)
                .config("torch_dtype", "bfloat16")
                .with("model.layers.0.self_attn.o_proj.weight", List.of(128, 128), ones(16384));
    }

    private static float[] ones(int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = 1 + i % 3;
        }
        return values;
    }

    @Override
    public void write(Path file) throws IOException {
        byte[] plan = plans.get(random.nextInt(plans.size()));
        Files.write(
                file,
                random.nextInt(4) == 0
                        ? mutation.of(plan)
                        : JSON.writeValueAsBytes(treeMutation.of(JSON.readTree(plan))));
    }

    @Override
    public WeightHeader read(Path file) throws IOException {
        Plan plan = SealedPlan.read(Files.readAllBytes(file));
        byte[] sealed = SealedPlan.json(plan);
        if (isSmall(plan)) {
            models.planFromJson(new String(sealed, StandardCharsets.UTF_8))
                    .forEach(_ -> {}, RunSettings.defaults().threads(1));
        }
        return new NoTensors(file, Files.size(file));
    }

    // A plan may well be one of more than there is time or memory for.
    private static boolean isSmall(Plan plan) {
        return plan.tasks().stream()
                .allMatch(t ->
                        t.output().bytes() <= MOST_BYTES
                                && t.memory() <= MOST_MEMORY
                                && t.memoryOfMethod() <= MOST_MEMORY
                                && t.inner().stream()
                                        .allMatch(i -> i.output().bytes() <= MOST_BYTES));
    }
}
