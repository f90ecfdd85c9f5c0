package jmergekit.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WorkersTest {
    @Test
    void resultsAreInTheOrderOfThePieces() {
        AtomicInteger sum = new AtomicInteger();
        try (Workers workers = new Workers(3)) {
            workers.runAll(
                    List.of(() ->
                            workers.each(100, i -> i * i)
                                    .forEach(square -> sum.addAndGet(square))));
            assertThat(workers.each(4, i -> 10 * i)).containsExactly(0, 10, 20, 30);
        }

        assertThat(sum).hasValue(99 * 100 * 199 / 6);
    }

    @Test
    void nothingToDoHasNoResults() {
        try (Workers workers = new Workers(2)) {
            assertThat(workers.each(0, i -> i)).isEmpty();
        }
    }

    @Test
    void noPieceRunsAnyMoreWhenOneFailed() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        AtomicBoolean endedBefore = new AtomicBoolean();
        try (Workers workers = new Workers(2)) {
            Runnable task =
                    () -> {
                        try {
                            workers.each(
                                    2,
                                    i -> {
                                        piece(i, begun, ended);
                                        return i;
                                    });
                        } finally {
                            endedBefore.set(ended.get());
                        }
                    };

            assertThatThrownBy(() -> workers.runAll(List.of(task)))
                    .hasMessageContaining("piece 0 fails");
        }
        assertThat(endedBefore).isTrue();
    }

    // The first fails while the second runs.
    private static void piece(int piece, CountDownLatch begun, AtomicBoolean ended) {
        try {
            if (piece == 0) {
                begun.await(10, TimeUnit.SECONDS);
                throw new IllegalStateException("piece 0 fails");
            }
            begun.countDown();
            Thread.sleep(300);
            ended.set(true);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void piecesThatHaveNotBegunAreLeftOutAfterAFailure() {
        AtomicInteger begun = new AtomicInteger();
        try (Workers workers = new Workers(1)) {
            assertThatThrownBy(() ->
                            workers.runAll(
                                    List.of(() ->
                                            workers.each(
                                                    100,
                                                    _ -> {
                                                        begun.incrementAndGet();
                                                        throw new OutOfMemoryError("no more");
                                                    }))))
                    .isInstanceOf(OutOfMemoryError.class);
        }
        assertThat(begun).hasValue(1);
    }
}
