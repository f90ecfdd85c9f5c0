package jmergekit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jmergekit.plan.TensorTask;
import jmergekit.plan.Work;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;
import org.junit.jupiter.api.Test;

/// A task is written here as its name and its bytes: `a4`.
class TaskOrderTest {
    private static final String SMALL = "a1 b1";
    private static final String MIXED = "c4 d1 e1";
    private static final String LARGE = "f2 g2 h2";

    @Test
    void oneFileAtATimeKeepsTheOrderOfTheOutput() {
        assertThat(order(1, SMALL, MIXED, LARGE)).isEqualTo("a1 b1 c4 d1 e1 f2 g2 h2");
    }

    @Test
    void theShardWithTheFewestBytesIsNext() {
        assertThat(order(2, MIXED, LARGE)).isEqualTo("c4 f2 g2 d1 h2 e1");
    }

    @Test
    void aShardThatStartsLateDoesNotKeepTheOthersWaiting() {
        assertThat(order(2, SMALL, LARGE, "i2 j2")).isEqualTo("a1 f2 b1 g2 i2 h2 j2");
    }

    @Test
    void moreFilesThanShardsAreAsManyAsShards() {
        assertThat(order(9, SMALL, LARGE)).isEqualTo("a1 f2 b1 g2 h2");
    }

    @Test
    void aShardWithoutTensorsIsPassedOver() {
        assertThat(order(2, "", SMALL)).isEqualTo("a1 b1");
        assertThat(order(2)).isEmpty();
    }

    private static String order(int files, String... shards) {
        return TaskOrder.of(Arrays.stream(shards).map(TaskOrderTest::tasks).toList(), files)
                .stream()
                .map(task -> task.output().name())
                .collect(Collectors.joining(" "));
    }

    private static List<TensorTask> tasks(String shard) {
        return Pattern.compile(" ")
                .splitAsStream(shard)
                .filter(Predicate.not(String::isEmpty))
                .map(TaskOrderTest::task)
                .toList();
    }

    private static TensorTask task(String name) {
        Shape shape = Shape.of(Integer.parseInt(name.substring(1)));
        return new TensorTask(new TensorSpec(name, DType.U8, shape), List.of(), new Work.Copy());
    }
}
