package jmergekit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import jmergekit.plan.Source;
import jmergekit.plan.TaskInput;
import jmergekit.plan.TensorTask;
import jmergekit.plan.Work;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;
import jmergekit.tensor.TensorView;
import org.junit.jupiter.api.Test;

class InnerOutputsTest {
    private final InnerOutputs outputs =
            new InnerOutputs(() -> {
                throw new IllegalStateException("all of it is small");
            });

    private static TensorTask task(String name) {
        TensorSpec spec = new TensorSpec(name, DType.F32, Shape.of(2));
        return new TensorTask(
                spec, List.of(new TaskInput(0, new Source.Noise(spec, 1))), new Work.Copy());
    }

    @Test
    void anOutputIsMadeOnceForTheTaskAroundIt() {
        List<MemorySegment> made = new ArrayList<>();
        try (InnerOutputs.Held held = outputs.hold()) {
            TensorTask task = task("x");
            TensorView first = held.output(task, made::add);

            assertThat(held.output(task, made::add)).isSameAs(first);
            // A plan has each task once.
            assertThat(held.output(task("x"), made::add)).isNotSameAs(first);
        }
        try (InnerOutputs.Held another = outputs.hold()) {
            another.output(task("x"), made::add);
        }

        assertThat(made).hasSize(3).allMatch(bytes -> bytes.byteSize() == 8);
    }

    @Test
    void eachIsReleasedThoughAnotherCannotBe() {
        List<MemorySegment> made = new ArrayList<>();
        InnerOutputs.Held held = outputs.hold();
        List.of("x", "y", "z").forEach(name -> held.output(task(name), made::add));
        held.close();

        assertThat(made).noneMatch(bytes -> bytes.scope().isAlive());
        // None can be released twice.
        assertThatThrownBy(held::close)
                .isInstanceOf(IllegalStateException.class)
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(2));
    }
}
