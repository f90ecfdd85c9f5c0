package jmergekit.threads;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReadAheadTest {
    private final BlockingQueue<Integer> read = new LinkedBlockingQueue<>();

    private List<ReadAhead.Piece> pieces(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new ReadAhead.Piece(10L * i, () -> read.add(i)))
                .toList();
    }

    private List<Integer> take(int count) throws InterruptedException {
        List<Integer> taken = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            taken.add(read.poll(10, TimeUnit.SECONDS));
        }
        return taken;
    }

    @Test
    void piecesAreReadInOrderUpToTheDistance() throws InterruptedException {
        try (ReadAhead ahead = new ReadAhead(1, 25, pieces(10).iterator())) {
            assertThat(take(3)).containsExactly(0, 1, 2);
            assertThat(read.poll(20, TimeUnit.MILLISECONDS)).isNull();
            ahead.reached(14);
            assertThat(take(1)).containsExactly(3);
            assertThat(read.poll(20, TimeUnit.MILLISECONDS)).isNull();
            ahead.reached(5);
            assertThat(read.poll(20, TimeUnit.MILLISECONDS)).isNull();
            ahead.reached(90);
            assertThat(take(6)).containsExactly(4, 5, 6, 7, 8, 9);
        }
    }

    @Test
    void severalThreadsReadEachPieceOnce() throws InterruptedException {
        try (ReadAhead _ = new ReadAhead(4, Long.MAX_VALUE, pieces(1000).iterator())) {
            assertThat(take(1000))
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 1000).boxed().toList());
        }
        assertThat(read).isEmpty();
    }

    @Test
    void closingWaitsForThePieceThatIsRead() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean done = new AtomicBoolean();
        ReadAhead.Piece slow =
                new ReadAhead.Piece(
                        0,
                        () -> {
                            begun.countDown();
                            try {
                                Thread.sleep(50);
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                            done.set(true);
                        });
        ReadAhead ahead = new ReadAhead(1, 100, List.of(slow, pieces(2).getLast()).iterator());
        begun.await();
        ahead.close();
        assertThat(done).isTrue();
        assertThat(read).isEmpty();
    }
}
