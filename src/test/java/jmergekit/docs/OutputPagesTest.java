package jmergekit.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import jmergekit.fixture.Cli;
import jmergekit.shards.ShardFormat;
import jmergekit.shards.ShardLayout;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// The pages about outputs name the files and the keys that there are.
class OutputPagesTest {
    private static final Path REFERENCE = Path.of("docs", "reference");

    private static List<TensorSpec> tensors(int count) {
        return tensors(count, "t", Shape.of(1));
    }

    private static List<TensorSpec> tensors(int count, String name, Shape shape) {
        return IntStream.range(0, count)
                .mapToObj(i -> new TensorSpec(name + i, DType.U8, shape))
                .toList();
    }

    private static String files(ShardLayout layout) {
        String first = layout.shards().getFirst().fileName();
        return layout.indexName()
                .map(index -> "`%s` and `%s`".formatted(first.replace("00003", "0000N"), index))
                .orElse("`" + first + "`");
    }

    private static Map<String, List<String>> rows() throws IOException {
        return Page.read(REFERENCE.resolve("weight-files.md")).rows("Output").stream()
                .collect(Collectors.toMap(List::getFirst, r -> r.subList(1, r.size())));
    }

    @Test
    void filesHaveTheNamesOfTheTable() throws IOException {
        Map<String, List<String>> rows = rows();
        for (ShardFormat format : ShardFormat.values()) {
            int column = format.ordinal();
            assertThat(rows.get("a model in one file").get(column))
                    .isEqualTo(files(ShardLayout.plan(format, tensors(3), 3)));
            assertThat(rows.get("a model in several").get(column))
                    .isEqualTo(files(ShardLayout.plan(format, tensors(3), 1)));
            assertThat(rows.get("an adapter").get(column))
                    .isEqualTo(files(ShardLayout.adapter(format, tensors(3))));
        }
    }

    @Test
    void aCheckpointHoldsAsManyTensorsAsTheTableSays() throws IOException {
        List<String> cells = rows().get("most tensors in a file, others go to further shards");
        String safetensors = cells.get(0);
        assertThat(safetensors).startsWith("250,000");
        assertThat(shards(ShardFormat.SAFETENSORS, 250_000)).isEqualTo(1);
        assertThat(shards(ShardFormat.SAFETENSORS, 250_001)).isEqualTo(2);

        String pytorch = cells.get(1);
        assertThat(pytorch).startsWith("about ").contains(" matrices");
        int most = Integer.parseInt(pytorch.split(" ")[1].replace(",", ""));
        assertThat(shards(ShardFormat.PYTORCH, most)).isEqualTo(1);
        assertThat(shards(ShardFormat.PYTORCH, most + most / 20)).isEqualTo(2);
    }

    private static int shards(ShardFormat format, int tensors) {
        String name = "model.layers.100.block_sparse_moe.experts.100.w1.";
        return ShardLayout.plan(format, tensors(tensors, name, Shape.of(1, 1)), Long.MAX_VALUE)
                .shards()
                .size();
    }

    @Test
    void thePageOfPlansListsTheirKeys() throws IOException {
        List<String> listed =
                Page.read(REFERENCE.resolve("plan-json.md")).rows("The plan as JSON").stream()
                        .map(r -> r.getFirst().replace("`", ""))
                        .toList();
        Cli.Result plan =
                Cli.run(
                        Path.of("").toAbsolutePath(),
                        "yaml",
                        "examples/tokenizer.yml",
                        "out",
                        "--dry-run",
                        "--format",
                        "json",
                        "--no-safe-serialization");
        TreeSet<String> keys =
                new TreeSet<>(JsonMapper.shared().readTree(plan.out()).propertyNames());

        assertThat(keys).contains("weight_format", "vocabulary_rows");
        assertThat(listed).containsAll(keys.stream().filter(k -> !isInText(k)).toList());
    }

    private static boolean isInText(String key) {
        return key.equals("format") || key.equals("version");
    }
}
