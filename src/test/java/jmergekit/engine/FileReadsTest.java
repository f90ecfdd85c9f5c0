package jmergekit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jmergekit.model.InputFile;
import jmergekit.plan.Rearranged;
import jmergekit.plan.Source;
import jmergekit.plan.TaskInput;
import jmergekit.plan.TensorTask;
import jmergekit.plan.Work;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;
import jmergekit.weights.TensorEntry;
import org.junit.jupiter.api.Test;

class FileReadsTest {
    private static final long MIB = 1L << 20;

    private static Source.Stored stored(String name, long bytes) {
        TensorSpec spec = new TensorSpec(name, DType.U8, Shape.of(bytes / 8, 8));
        return new Source.Stored(
                new InputFile("folder", "file", 1L << 40, "", ""), new TensorEntry(spec, 100));
    }

    private static TensorTask copy(String name, Source... sources) {
        List<TaskInput> inputs = new ArrayList<>();
        for (Source source : sources) {
            inputs.add(new TaskInput(0, source));
        }
        TensorSpec output = new TensorSpec(name, DType.U8, sources[0].shape());
        return new TensorTask(output, inputs, new Work.Copy());
    }

    private static List<String> pieces(FileReads reads) {
        List<String> pieces = new ArrayList<>();
        reads.pieces()
                .forEachRemaining(p ->
                        pieces.add(
                                "%s %d-%d at %d"
                                        .formatted(
                                                p.range().stored().spec().name(),
                                                p.range().begin() / MIB,
                                                p.range().end() / MIB,
                                                p.position() / MIB)));
        return pieces;
    }

    @Test
    void tensorsOfATaskAreReadSideBySideAndTasksOneAfterTheOther() {
        TensorTask first = copy("x", stored("a", 8 * MIB), stored("b", 8 * MIB));
        TensorTask second = copy("y", stored("c", 3 * MIB));
        FileReads reads = FileReads.of(List.of(List.of(first), List.of(second)));
        assertThat(reads.bytes()).isEqualTo(19 * MIB);
        assertThat(pieces(reads))
                .containsExactly(
                        "a 0-4 at 0", "b 0-4 at 0", "a 4-8 at 8", "b 4-8 at 8", "c 0-3 at 16");
        assertThat(reads.of(first).at(0.5)).isEqualTo(8 * MIB);
        assertThat(reads.of(second).at(1)).isEqualTo(19 * MIB);
    }

    @Test
    void rowsOfATensorAreReadWithoutTheOthers() {
        Source all = stored("experts", 16 * MIB);
        Source rows = new Rearranged.Rows(all, 8, 3 * MIB / 8, 1, Shape.of(2 * MIB / 8, 8));
        assertThat(pieces(FileReads.of(List.of(List.of(copy("x", rows))))))
                .containsExactly("experts 3-5 at 0");
    }

    @Test
    void everyByteOfALargeTensorIsReadOnce() {
        long bytes = 37 * MIB + 8;
        FileReads reads = FileReads.of(List.of(List.of(copy("x", stored("a", bytes)))));
        long[] next = {0};
        reads.pieces()
                .forEachRemaining(p -> {
                    assertThat(p.range().begin()).isEqualTo(next[0]);
                    assertThat(p.range().bytes()).isBetween(1L, 5 * MIB);
                    next[0] = p.range().end();
                });
        assertThat(next[0]).isEqualTo(bytes);
    }

    @Test
    void whatAnInnerTaskReadsComesFirstAndOnce() {
        TensorTask inner = copy("inner", new Rearranged.Shaped(stored("a", MIB), Shape.of(MIB)));
        Source made = new Source.Made(inner, DType.U8);
        TensorTask first = copy("x", stored("b", MIB), made);
        TensorTask second = copy("y", made);
        assertThat(pieces(FileReads.of(List.of(List.of(first, second)))))
                .containsExactly("a 0-1 at 0", "b 0-1 at 1");
    }

    @Test
    void inputsAreSpentWithTheLastTaskThatReadsThem() {
        Source.Stored shared = stored("shared", MIB);
        List<TensorTask> first = List.of(copy("x", shared, stored("a", MIB)));
        List<TensorTask> second = List.of(copy("y", shared), copy("z", shared));
        Map<String, Integer> dropped = new HashMap<>();
        SpentInputs spent =
                new SpentInputs(
                        List.of(first, second),
                        s -> dropped.merge(s.spec().name(), 1, Integer::sum));
        spent.finished(first);
        assertThat(dropped).isEqualTo(Map.of("a", 1));
        spent.finished(second);
        assertThat(dropped).isEqualTo(Map.of("a", 1, "shared", 1));
    }
}
