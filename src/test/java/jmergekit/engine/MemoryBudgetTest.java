package jmergekit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import jmergekit.plan.Source;
import jmergekit.plan.TaskInput;
import jmergekit.plan.TensorTask;
import jmergekit.plan.Work;
import jmergekit.problem.ExitCode;
import jmergekit.problem.MergeException;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;
import jmergekit.threads.Cancellation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MemoryBudgetTest {
    private static final TensorSpec SPEC = new TensorSpec("x", DType.F32, Shape.of(2));
    private static final TensorTask TASK =
            new TensorTask(
                    SPEC, List.of(new TaskInput(0, new Source.Noise(SPEC, 1))), new Work.Copy());

    private final MemoryBudget budget = new MemoryBudget(10);
    private final Cancellation cancellation = new Cancellation();

    @Test
    void workWaitsUntilThereIsRoom() {
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<?>[] second = {null};
        budget.with(
                6,
                TASK,
                cancellation,
                () -> {
                    second[0] =
                            CompletableFuture.runAsync(
                                    () -> budget.with(5, TASK, cancellation, () -> done.set(true)));
                    budget.with(4, TASK, cancellation, () -> {});
                    assertThat(done).isFalse();
                });
        second[0].join();

        assertThat(done).isTrue();
    }

    @Test
    void aCancelledRunDoesNotWaitForRoom() {
        budget.with(
                6,
                TASK,
                new Cancellation(),
                () -> {
                    CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS)
                            .execute(cancellation::cancel);

                    assertThatThrownBy(() -> budget.with(5, TASK, cancellation, () -> {}))
                            .isInstanceOf(Cancellation.Cancelled.class);
                });
    }

    @Test
    void whatNeverFitsIsRefused() {
        assertThatThrownBy(() -> budget.with(11, TASK, cancellation, () -> {}))
                .isInstanceOfSatisfying(
                        MergeException.class,
                        e -> assertThat(e.exitCode()).isEqualTo(ExitCode.INPUT));
    }

    @Test
    void allRunsOfAProcessShareTheHeap() {
        assertThat(MemoryBudget.ofHeap()).isSameAs(MemoryBudget.ofHeap());
    }
}
