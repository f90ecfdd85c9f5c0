package jmergekit.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import jmergekit.ModelSettings;
import jmergekit.Models;
import jmergekit.Recipe;
import jmergekit.RunSettings;
import jmergekit.fixture.Cli;
import jmergekit.fixture.JavaProcess;
import jmergekit.weights.JsonTree;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/// A model of 195 MB, in a virtual machine that may have 64 MB of heap and 8 MB of direct memory.
class LargeModelTest {
    private static final Path EXAMPLE = Path.of("examples", "evolve", "models", "base");
    private static final int TOKENS = 250_000;
    private static final List<String> SMALL = List.of("-Xmx64m", "-XX:MaxDirectMemorySize=8m");

    @TempDir Path folder;

    /// Scores the model in a folder.
    static final class Scores {
        private Scores() {}

        public static void main(String[] args) throws EvaluationException {
            Path folder = Path.of(args[0]);
            Task task =
                    new Task(
                            "task",
                            Optional.of("log_likelihood"),
                            Optional.of(folder.resolve("items.jsonl")),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty());
            try (Models models = Models.open(folder, ModelSettings.defaults().offline(true));
                    BuiltInEvaluator evaluator =
                            new BuiltInEvaluator(List.of(task), Optional.empty(), false, 0, 1)) {
                Recipe recipe = Recipe.merge("passthrough").model("model").dtype("float32").build();
                for (int i = 0; i < 2; i++) {
                    Trial trial =
                            new Trial(
                                    models.plan(recipe),
                                    Optional.empty(),
                                    folder.resolve("out"),
                                    Split.SEARCH,
                                    0,
                                    OptionalInt.empty(),
                                    0,
                                    Optional.empty(),
                                    RunSettings.defaults().threads(1));
                    System.out.println(evaluator.evaluate(trial).get("task").value());
                }
            }
        }
    }

    /// A copy of the example with other tensors: nothing but zeros, and more rows of the embeddings.
    private void writeModel() throws IOException {
        Path model = Files.createDirectory(folder.resolve("model"));
        for (String name : List.of("tokenizer.json", "tokenizer_config.json")) {
            Files.copy(EXAMPLE.resolve(name), model.resolve(name));
        }
        ObjectNode config =
                (ObjectNode) JsonTree.read(Files.readAllBytes(EXAMPLE.resolve("config.json")));
        config.put("vocab_size", TOKENS);
        Files.writeString(model.resolve("config.json"), config.toString());
        byte[] file = Files.readAllBytes(EXAMPLE.resolve("model.safetensors"));
        ByteBuffer start = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        byte[] text = new byte[(int) start.getLong()];
        start.get(text);
        ObjectNode header = (ObjectNode) JsonTree.read(text);
        long end = 0;
        for (String name : List.copyOf(header.propertyNames())) {
            if (!name.equals("__metadata__")) {
                ObjectNode entry = (ObjectNode) header.get(name);
                if (name.contains("embed_tokens") || name.contains("lm_head")) {
                    entry.putArray("shape").add(TOKENS).add(96);
                }
                long bytes = 2;
                for (int i = 0; i < entry.path("shape").size(); i++) {
                    bytes *= entry.path("shape").get(i).asInt();
                }
                entry.putArray("data_offsets").add(end).add(end + bytes);
                end += bytes;
            }
        }
        byte[] changed = header.toString().getBytes(StandardCharsets.UTF_8);
        try (RandomAccessFile out =
                new RandomAccessFile(model.resolve("model.safetensors").toFile(), "rw")) {
            out.write(
                    ByteBuffer.allocate(Long.BYTES)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(changed.length)
                            .array());
            out.write(changed);
            out.setLength(Long.BYTES + changed.length + end);
        }
    }

    @Test
    void aModelThatIsLargerThanTheHeapIsScored() throws Exception {
        writeModel();
        String item = "{\"context\": \"1+1=\", \"continuation\": \"2\"}";
        Files.write(folder.resolve("items.jsonl"), List.of(item, item, item));

        Cli.Result result =
                JavaProcess.run(
                        folder, Map.of(), SMALL, Scores.class, folder.toAbsolutePath().toString());

        assertThat(result.code()).as(result.out() + result.err()).isZero();
        // One token and the one that ends a text, each as probable as all others.
        assertThat(result.out().lines().map(Double::parseDouble))
                .hasSize(2)
                .allSatisfy(
                        value -> assertThat(value).isCloseTo(-2 * Math.log(TOKENS), within(1e-5)));
        assertThat(folder.resolve("out")).isEmptyDirectory();
    }
}
