package jmergekit.shards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;
import jmergekit.weights.TensorEntry;
import org.junit.jupiter.api.Test;

class ShardLayoutTest {
    @Test
    void exactFitStaysInOneShard() {
        ShardLayout layout =
                ShardLayout.plan(
                        ShardFormat.SAFETENSORS, List.of(bytes("a", 6), bytes("b", 4)), 10);
        assertThat(fileNames(layout)).containsExactly("model.safetensors");
        assertThat(layout.indexName()).isEmpty();
        assertThat(layout.totalBytes()).isEqualTo(10);
    }

    @Test
    void oneByteMoreBeginsANewShard() {
        ShardLayout layout =
                ShardLayout.plan(
                        ShardFormat.SAFETENSORS, List.of(bytes("a", 6), bytes("b", 5)), 10);
        assertThat(fileNames(layout))
                .containsExactly(
                        "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors");
        assertThat(layout.indexName()).contains("model.safetensors.index.json");
        assertThat(layout.place("b").orElseThrow().shard()).isEqualTo(1);
        assertThat(layout.place("c")).isEmpty();
    }

    @Test
    void eachFormatHasItsNames() {
        List<TensorSpec> tensors = List.of(bytes("a", 6), bytes("b", 5));
        ShardLayout layout = ShardLayout.plan(ShardFormat.PYTORCH, tensors, 10);
        assertThat(fileNames(layout))
                .containsExactly(
                        "pytorch_model-00001-of-00002.bin", "pytorch_model-00002-of-00002.bin");
        assertThat(layout.indexName()).contains("pytorch_model.bin.index.json");
        assertThat(fileNames(ShardLayout.plan(ShardFormat.PYTORCH, tensors, 11)))
                .containsExactly("pytorch_model.bin");
        assertThat(fileNames(ShardLayout.adapter(ShardFormat.PYTORCH, tensors)))
                .containsExactly("adapter_model.bin");
        assertThat(fileNames(ShardLayout.adapter(ShardFormat.SAFETENSORS, tensors)))
                .containsExactly("adapter_model.safetensors");
        assertThat(layout).isNotEqualTo(ShardLayout.plan(ShardFormat.SAFETENSORS, tensors, 10));
        assertThat(layout).isEqualTo(ShardLayout.plan(ShardFormat.PYTORCH, tensors, 10));
    }

    @Test
    void namesOfFilesSayWhatTheyAre() {
        assertThat(
                        List.of(
                                "pytorch_model.bin",
                                "pytorch_model-00001-of-00002.bin",
                                "adapter_model.bin"))
                .allMatch(ShardFormat.PYTORCH::isShard)
                .noneMatch(ShardFormat.SAFETENSORS::isShard)
                .allMatch(ShardFormat::isShardOfAny);
        assertThat(List.of("model.safetensors", "adapter_model.safetensors"))
                .allMatch(ShardFormat.SAFETENSORS::isShard)
                .noneMatch(ShardFormat.PYTORCH::isShard);
        assertThat(List.of("training_args.bin", "pytorch_model.safetensors", "model.bin", "x"))
                .noneMatch(ShardFormat::isShardOfAny)
                .noneMatch(ShardFormat::isOfModel);
        assertThat(List.of("pytorch_model.bin.index.json", "model.safetensors.index.json"))
                .noneMatch(ShardFormat::isShardOfAny)
                .allMatch(ShardFormat::isOfModel);
        assertThat(ShardFormat.isOfModel("adapter_model.bin")).isFalse();
    }

    @Test
    void tensorLargerThanTheLimitSitsAlone() {
        ShardLayout layout =
                ShardLayout.plan(
                        ShardFormat.SAFETENSORS,
                        List.of(bytes("a", 2), bytes("b", 50), bytes("c", 2), bytes("d", 8)),
                        10);
        assertThat(names(layout)).containsExactly(List.of("a"), List.of("b"), List.of("c", "d"));
    }

    @Test
    void tinyLimitGivesEachTensorItsShard() {
        ShardLayout layout =
                ShardLayout.plan(
                        ShardFormat.SAFETENSORS,
                        List.of(bytes("a", 1), bytes("b", 2), bytes("c", 3)),
                        1);
        assertThat(layout.shards()).hasSize(3);
    }

    @Test
    void largestElementsComeFirstSoThatAllAreAligned() {
        ShardLayout layout =
                ShardLayout.plan(
                        ShardFormat.SAFETENSORS,
                        List.of(
                                bytes("byte", 3),
                                new TensorSpec("half", DType.BF16, Shape.of(3)),
                                new TensorSpec("half2", DType.F16, Shape.of(1)),
                                new TensorSpec("double", DType.F64, Shape.of()),
                                new TensorSpec("float", DType.F32, Shape.of(1))),
                        1000);
        assertThat(names(layout))
                .containsExactly(List.of("double", "float", "half", "half2", "byte"));
        for (TensorEntry entry : layout.shards().getFirst().entries()) {
            assertThat(entry.begin() % entry.spec().dtype().bytes()).isZero();
        }
        assertThat(layout.shards().getFirst().head().length % 8).isZero();
    }

    @Test
    void noTensorsGiveOneEmptyShard() {
        ShardLayout layout = ShardLayout.plan(ShardFormat.SAFETENSORS, List.of(), 10);
        assertThat(fileNames(layout)).containsExactly("model.safetensors");
        assertThat(layout.shards().getFirst().entries()).isEmpty();
        assertThat(layout.totalBytes()).isZero();
    }

    @Test
    void sameInputGivesAnEqualLayout() {
        List<TensorSpec> tensors = List.of(bytes("a", 6), bytes("b", 5));
        assertThat(ShardLayout.plan(ShardFormat.SAFETENSORS, tensors, 10))
                .isEqualTo(ShardLayout.plan(ShardFormat.SAFETENSORS, tensors, 10));
    }

    @Test
    void indexNamesTheShardOfEachTensor() {
        ShardLayout layout =
                ShardLayout.plan(
                        ShardFormat.SAFETENSORS, List.of(bytes("a", 6), bytes("b", 5)), 10);
        assertThat(new String(layout.index(), StandardCharsets.UTF_8))
                .isEqualTo(
                        """
                        {
                          "metadata": {
                            "total_size": 11
                          },
                          "weight_map": {
                            "a": "model-00001-of-00002.safetensors",
                            "b": "model-00002-of-00002.safetensors"
                          }
                        }
                        """);
    }

    @Test
    void namesThatNoFileCanHoldAreRefused() {
        for (String name : List.of("__metadata__", "\ud800")) {
            assertThatThrownBy(() ->
                            ShardLayout.plan(ShardFormat.SAFETENSORS, List.of(bytes(name, 1)), 10))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() ->
                        ShardLayout.plan(
                                ShardFormat.SAFETENSORS, List.of(bytes("a", 1), bytes("a", 2)), 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aHundredThousandTensorsArePlannedWithinSeconds() {
        List<TensorSpec> tensors = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            tensors.add(bytes("model.layers.%d.mlp.weight".formatted(i), 100));
        }
        long begin = System.nanoTime();
        ShardLayout layout = ShardLayout.plan(ShardFormat.SAFETENSORS, tensors, 1_000_000);
        assertThat(layout.shards()).hasSize(10);
        assertThat((System.nanoTime() - begin) / 1e9).isLessThan(5);
    }

    private static TensorSpec bytes(String name, long count) {
        return new TensorSpec(name, DType.U8, Shape.of(count));
    }

    private static List<String> fileNames(ShardLayout layout) {
        return layout.shards().stream().map(ShardLayout.Shard::fileName).toList();
    }

    private static List<List<String>> names(ShardLayout layout) {
        return layout.shards().stream()
                .map(shard -> shard.entries().stream().map(e -> e.spec().name()).toList())
                .toList();
    }
}
