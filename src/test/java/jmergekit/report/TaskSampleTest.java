package jmergekit.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import jmergekit.plan.Source;
import jmergekit.plan.TaskInput;
import jmergekit.plan.TensorTask;
import jmergekit.plan.Values;
import jmergekit.plan.Work;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;
import org.junit.jupiter.api.Test;

/// Some tasks that stand for all.
class TaskSampleTest {
    private static TensorTask task(String name, int elements) {
        TensorSpec spec = new TensorSpec(name, DType.F32, Shape.of(elements));
        return new TensorTask(
                spec,
                List.of(new TaskInput(0, new Source.Given(spec, Values.zeros(1)))),
                new Work.Copy());
    }

    private static List<TensorTask> layers() {
        return IntStream.range(0, 40)
                .mapToObj(String::valueOf)
                .flatMap(i ->
                        Stream.of(
                                task("layers." + i + ".big", 1000),
                                task("layers." + i + ".small", 500)))
                .toList();
    }

    private static long count(List<TensorTask> tasks, String end) {
        return tasks.stream().filter(t -> t.output().name().endsWith(end)).count();
    }

    @Test
    void kindsOfTensorsAreInItAsInTheWhole() {
        List<TensorTask> sample = new TaskSample(layers()).of(24_000, 0.5);

        assertThat(sample).doesNotHaveDuplicates();
        assertThat(TaskSample.bytes(sample)).isBetween(20_000L, 34_000L);
        assertThat(count(sample, "big")).isBetween(4L, 7L);
        assertThat(count(sample, "small")).isBetween(2L, 4L);
    }

    @Test
    void theSameTasksGiveTheSameSampleAndAnotherPhaseOthers() {
        List<TensorTask> first = new TaskSample(layers()).of(24_000, 0.25);

        assertThat(new TaskSample(layers()).of(24_000, 0.25)).isEqualTo(first);
        assertThat(new TaskSample(layers()).of(24_000, 0.75)).doesNotContainAnyElementsOf(first);
    }

    @Test
    void allAreTakenIfTheyAreFew() {
        assertThat(new TaskSample(layers()).of(1L << 40, 0.5)).hasSize(80);
    }

    @Test
    void oneThatWouldBeMostOfTheSampleIsLeftOut() {
        List<TensorTask> tasks = new ArrayList<>(layers());
        tasks.add(task("embeddings", 1_000_000));

        assertThat(count(new TaskSample(tasks).of(24_000, 0.5), "embeddings")).isZero();
    }

    @Test
    void theSmallestIsTakenIfAllAreTooLarge() {
        assertThat(new TaskSample(layers()).of(1, 0.5))
                .singleElement()
                .satisfies(t -> assertThat(t.output().name()).endsWith("small"));
        assertThat(new TaskSample(List.of()).of(1, 0.5)).isEmpty();
    }
}
