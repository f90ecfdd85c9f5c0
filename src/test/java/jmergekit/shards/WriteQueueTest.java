package jmergekit.shards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WriteQueueTest {
    private final WriteBuffers buffers = new WriteBuffers();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final List<String> written = new ArrayList<>();

    @AfterEach
    void stop() {
        release.countDown();
        threads.close();
        buffers.close();
    }

    private void writeSlowly(MemorySegment bytes, long position) throws IOException {
        try {
            started.countDown();
            release.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        written.add(position + "=" + bytes.get(ValueLayout.JAVA_BYTE, 0));
    }

    private static MemorySegment bytes(int value) {
        return MemorySegment.ofArray(new byte[] {(byte) value});
    }

    private Future<?> begin(WriteQueue queue, MemorySegment bytes, long position) {
        return threads.submit(() -> {
            queue.write(bytes, position);
            return null;
        });
    }

    @Test
    void bytesThatFindTheFileBusyAreWrittenByTheThreadThatWrites() throws Exception {
        WriteQueue queue = new WriteQueue(this::writeSlowly, buffers);
        Future<?> first = begin(queue, bytes(1), 10);
        started.await();
        MemorySegment second = bytes(2);
        queue.write(second, 20);
        second.set(ValueLayout.JAVA_BYTE, 0, (byte) 9);
        assertThat(written).isEmpty();
        release.countDown();
        first.get();
        assertThat(written).containsExactly("10=1", "20=2");
    }

    @Test
    void bytesThatNoBufferHoldsWaitForTheFile() throws Exception {
        WriteQueue queue = new WriteQueue(this::writeSlowly, buffers);
        Future<?> first = begin(queue, bytes(1), 10);
        started.await();
        Future<?> large = begin(queue, MemorySegment.ofArray(new byte[(1 << 20) + 1]), 20);
        for (int i = 0; i < 32; i++) {
            queue.write(bytes(i), 100 + i);
        }
        Future<?> oneTooMany = begin(queue, bytes(3), 30);
        Thread.sleep(20);
        assertThat(large.isDone() || oneTooMany.isDone()).isFalse();
        release.countDown();
        first.get();
        large.get();
        oneTooMany.get();
        queue.flush();
        assertThat(written).hasSize(35).contains("10=1", "20=0", "30=3", "100=0", "131=31");
    }

    @Test
    void flushingWaitsForWhatIsBeingWritten() throws Exception {
        WriteQueue queue = new WriteQueue(this::writeSlowly, buffers);
        Future<?> first = begin(queue, bytes(1), 10);
        started.await();
        queue.write(bytes(2), 20);
        Future<?> flush =
                threads.submit(() -> {
                    queue.flush();
                    return List.copyOf(written);
                });
        Thread.sleep(20);
        assertThat(flush.isDone()).isFalse();
        release.countDown();
        assertThat(flush.get()).isEqualTo(List.of("10=1", "20=2"));
        first.get();
    }

    @Test
    void oneThreadAtATimeWritesAndNothingIsLost() throws Exception {
        byte[] file = new byte[16_000];
        AtomicInteger writing = new AtomicInteger();
        AtomicInteger together = new AtomicInteger();
        WriteQueue queue =
                new WriteQueue(
                        (bytes, position) -> {
                            together.accumulateAndGet(writing.incrementAndGet(), Math::max);
                            MemorySegment.copy(
                                    bytes,
                                    ValueLayout.JAVA_BYTE,
                                    0,
                                    file,
                                    (int) position,
                                    (int) bytes.byteSize());
                            writing.decrementAndGet();
                        },
                        buffers);
        List<Future<?>> all = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            int thread = t;
            all.add(
                    threads.submit(() -> {
                        for (int i = thread; i < file.length; i += 8) {
                            queue.write(bytes(i % 127), i);
                        }
                        return null;
                    }));
        }
        for (Future<?> one : all) {
            one.get();
        }
        queue.flush();
        assertThat(together).hasValue(1);
        assertThat(IntStream.range(0, file.length).allMatch(i -> file[i] == i % 127)).isTrue();
    }

    @Test
    void aFailureIsThrownToTheThreadThatWrites() throws Exception {
        WriteQueue queue =
                new WriteQueue(
                        (bytes, position) -> {
                            writeSlowly(bytes, position);
                            if (position == 20) {
                                throw new IOException("the disk is full");
                            }
                        },
                        buffers);
        Future<?> first = begin(queue, bytes(1), 10);
        started.await();
        queue.write(bytes(2), 20);
        release.countDown();
        assertThatThrownBy(first::get).hasRootCauseMessage("the disk is full");
    }
}
