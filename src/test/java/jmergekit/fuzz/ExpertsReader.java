package jmergekit.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import jmergekit.fixture.Cli;
import jmergekit.fixture.RecipeRun;
import jmergekit.fixture.TinyModel;
import jmergekit.safetensors.SafetensorsHeader;
import jmergekit.weights.TensorEntry;
import jmergekit.weights.WeightHeader;

/// Checkpoints whose experts are damaged: some are missing, have other shapes, numbers or dtypes, or are
/// there in two layouts. They are merged with a whole one of any layout, and no tensor may be lost.
final class ExpertsReader implements Reader {
    private static final List<String> TYPES =
            List.of("qwen3_moe", "gpt_oss", "mixtral", "llama4_text");
    private static final List<String> METHODS =
            List.of("linear", "ties", "task_arithmetic", "dare_ties", "model_stock");
    private static final String RECIPE =
            """
            merge_method: %s
            models:
              - {model: ./A, parameters: {weight: 1, density: 0.5}}
              - {model: ./B, parameters: {weight: 0.5, density: 0.5}}
            base_model: ./%s
            """;
    private static final Set<Integer> EXITS = Set.of(0, 2, 3);
    private static final String WEIGHTS = "model.safetensors";

    private final Random random;
    private final Mutation mutation;
    private final Path folder;

    ExpertsReader(Random random, Path folder) throws IOException {
        this.random = random;
        this.mutation = new Mutation(random, SafetensorsReader.TOKENS);
        this.folder = Files.createDirectories(folder.resolve("merge"));
    }

    @Override
    public void write(Path file) throws IOException {
        ExpertTensors tensors = ExpertTensors.of(anyOf(ExpertTensors.Layout.values()), random);
        for (int i = random.nextInt(4); i > 0; i--) {
            tensors.damage();
        }
        byte[] whole = tensors.file();
        Files.write(file, random.nextInt(8) == 0 ? mutation.of(whole) : whole);
    }

    private <T> T anyOf(T[] all) {
        return all[random.nextInt(all.length)];
    }

    private String anyOf(List<String> all) {
        return all.get(random.nextInt(all.size()));
    }

    private void model(String name) {
        TinyModel.of("ExpertsForCausalLM", anyOf(TYPES))
                .config("num_hidden_layers", ExpertTensors.LAYERS)
                .config("num_experts", ExpertTensors.EXPERTS)
                .config("torch_dtype", "bfloat16")
                .write(folder.resolve(name), "BF16");
    }

    @Override
    public WeightHeader read(Path file) throws IOException {
        WeightHeader header = SafetensorsHeader.read(file);
        model("A");
        model("B");
        Files.copy(file, weights("A"), StandardCopyOption.REPLACE_EXISTING);
        ExpertTensors.Layout other = anyOf(ExpertTensors.Layout.values());
        Files.write(weights("B"), ExpertTensors.of(other, random).file());
        boolean alone = random.nextInt(4) == 0;
        String base = random.nextBoolean() || alone ? "A" : "B";
        String recipe =
                alone
                        ? "merge_method: passthrough\nmodels: [{model: ./A}]\n"
                        : RECIPE.formatted(anyOf(METHODS), base);
        String layout = anyOf(List.of("base", "split", "fused"));
        String mode = random.nextInt(6) == 0 ? "--dry-run" : "--overwrite";
        Cli.Result result = new RecipeRun(folder).run(recipe, mode, "--expert-layout", layout);
        String what =
                "%s%s %s with %s%n%s%s"
                        .formatted(recipe, layout, mode, other, result.out(), result.err());
        if (!EXITS.contains(result.code()) || result.code() != 0 && result.err().isBlank()) {
            throw new AssertionError(result.code() + " of " + what);
        }
        if (result.code() == 0 && !mode.equals("--dry-run")) {
            checkNothingIsLost(base, result.err(), what);
        }
        return header;
    }

    private Path weights(String model) {
        return folder.resolve(model).resolve(WEIGHTS);
    }

    // Other layouts have the same elements of experts.
    private void checkNothingIsLost(String base, String said, String what) {
        List<TensorEntry> before = SafetensorsHeader.read(weights(base)).entries();
        List<TensorEntry> after = SafetensorsHeader.read(weights("out")).entries();
        Map<String, Long> left = elements(after);
        elements(before)
                .forEach((layer, elements) -> {
                    if (left.getOrDefault(layer, 0L) < elements) {
                        throw new AssertionError("fewer experts in " + layer + ": " + what);
                    }
                });
        Set<String> lost = others(before);
        lost.removeAll(others(after));
        lost.removeIf(said::contains);
        if (!lost.isEmpty()) {
            throw new AssertionError("lost " + lost + ": " + what);
        }
    }

    private static Map<String, Long> elements(List<TensorEntry> entries) {
        return entries.stream()
                .filter(e -> e.spec().name().contains("experts."))
                .collect(
                        Collectors.groupingBy(
                                e -> e.spec().name().replaceAll("experts\\..*", ""),
                                Collectors.summingLong(e -> e.spec().shape().elements())));
    }

    private static Set<String> others(List<TensorEntry> entries) {
        return entries.stream()
                .map(e -> e.spec().name())
                .filter(n -> !n.contains("experts."))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
