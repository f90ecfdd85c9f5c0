package jmergekit.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import jmergekit.fixture.s3.MemoryStore;
import jmergekit.fixture.s3.MemoryStore.Read;
import jmergekit.pagecache.FileHoles;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.s3.ObjectPath;
import jmergekit.threads.TransferPool;
import jmergekit.weights.RemoteFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Blocks of 64 KiB of an object of five and a half of them.
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BlockFileTest {
    private static final int BLOCK = 64 << 10;
    private static final int SIZE = 5 * BLOCK + BLOCK / 2;
    private static final ObjectPath PATH = new ObjectPath("bucket", "x.safetensors");

    @TempDir private Path folder;

    private final byte[] content = new byte[SIZE];
    private final MemoryStore store = new MemoryStore();
    private final LongAdder received = new LongAdder();
    private RunCache cache;
    private TransferPool transfers;
    private BlockBudget budget = new BlockBudget(100 * BLOCK);

    @BeforeEach
    void start() {
        new Random(1).nextBytes(content);
        store.with(PATH.toString(), content);
        cache = RunCache.create(folder);
        transfers = new TransferPool(4);
    }

    @AfterEach
    void stop() {
        transfers.close();
        cache.close();
    }

    private RemoteObject object() {
        return new RemoteObject(
                new RemoteObject.Session(store, cache, budget, transfers, BLOCK, received),
                PATH,
                store.find(PATH).orElseThrow());
    }

    private static byte[] read(RemoteFile.Copy copy, int begin, int end) throws IOException {
        return Arrays.copyOfRange(Files.readAllBytes(copy.path()), begin, end);
    }

    private byte[] expected(int begin, int end) {
        return Arrays.copyOfRange(content, begin, end);
    }

    private List<Long> readBlocks() {
        return store.reads().stream().map(r -> r.begin() / BLOCK).sorted().toList();
    }

    private void awaitReads(int count) throws InterruptedException {
        while (store.reads().size() < count) {
            Thread.sleep(1);
        }
    }

    @Test
    void blocksAreFetchedOnceForAllTensorsInThem() throws IOException {
        try (RemoteFile.Copy copy = object().open()) {
            copy.bring(100, 200);
            copy.bring(150, BLOCK + 1);
            copy.bring(SIZE - 1, SIZE);

            assertThat(Files.size(copy.path())).isEqualTo(SIZE);
            assertThat(read(copy, 0, 2 * BLOCK)).isEqualTo(expected(0, 2 * BLOCK));
            assertThat(read(copy, 5 * BLOCK, SIZE)).isEqualTo(expected(5 * BLOCK, SIZE));
            assertThat(readBlocks()).containsExactly(0L, 1L, 5L);
            assertThat(received.sum()).isEqualTo(2 * BLOCK + BLOCK / 2);
        }
        assertThat(budget.used()).isZero();
    }

    @Test
    void manyReadersWaitForTheSameTransfer() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        store.setObstacle(_ -> await(answer));
        try (RemoteFile.Copy copy = object().open()) {
            copy.request(0, SIZE);
            List<Thread> readers =
                    IntStream.range(0, 8)
                            .mapToObj(_ -> Thread.ofPlatform().start(() -> copy.bring(0, SIZE)))
                            .toList();
            answer.countDown();
            for (Thread reader : readers) {
                reader.join();
            }

            assertThat(read(copy, 0, SIZE)).isEqualTo(content);
            assertThat(readBlocks()).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aBlockGoesWhenAllItsBytesWereReleased() throws IOException {
        RemoteObject object = object();
        object.setDataStart(50);
        try (RemoteFile.Copy copy = object.open()) {
            copy.bring(50, BLOCK + 100);
            copy.bring(BLOCK + 100, 2 * BLOCK);

            copy.release(50, BLOCK + 100);
            assertThat(budget.used()).isEqualTo(BLOCK);
            assertThat(read(copy, BLOCK, 2 * BLOCK)).isEqualTo(expected(BLOCK, 2 * BLOCK));

            copy.release(BLOCK + 100, 2 * BLOCK);
            assertThat(budget.used()).isZero();
            if (FileHoles.ofSystem().isPresent()) {
                assertThat(read(copy, 0, 2 * BLOCK)).containsOnly(0);
            }
        }
    }

    @Test
    void whatIsAskedForAgainComesAgain() throws IOException {
        try (RemoteFile.Copy copy = object().open()) {
            copy.bring(0, BLOCK);
            copy.release(0, BLOCK);
            copy.bring(10, 20);

            assertThat(read(copy, 0, BLOCK)).isEqualTo(expected(0, BLOCK));
            // The other bytes of the block were released, those of this tensor not.
            copy.release(0, 10);
            assertThat(read(copy, 10, 20)).isEqualTo(expected(10, 20));
        }
    }

    @Test
    void aTensorThatIsHeldTwiceIsNotFreedWithItsNeighbours() throws IOException {
        try (RemoteFile.Copy copy = object().open()) {
            copy.bring(0, BLOCK / 2);
            copy.release(0, BLOCK / 2);
            copy.bring(0, BLOCK / 2);
            copy.bring(BLOCK / 2, BLOCK);
            copy.release(BLOCK / 2, BLOCK);

            assertThat(read(copy, 0, BLOCK)).isEqualTo(expected(0, BLOCK));
        }
    }

    @Test
    void readingAheadKeepsWithinTheBudgetAndReadingDoesNot() throws Exception {
        budget = new BlockBudget(2 * BLOCK);
        try (RemoteFile.Copy copy = object().open()) {
            copy.request(0, SIZE);
            awaitReads(2);
            assertThat(readBlocks()).containsExactly(0L, 1L);

            copy.bring(0, SIZE);

            assertThat(read(copy, 0, SIZE)).isEqualTo(content);
            assertThat(budget.used()).isEqualTo(SIZE);
        }
    }

    @Test
    void whatNobodyLooksAtMakesRoom() throws IOException {
        budget = new BlockBudget(2 * BLOCK);
        try (RemoteFile.Copy first = object().open();
                RemoteFile.Copy second = object().open()) {
            // The rest of these blocks is never asked for.
            first.bring(0, 10);
            first.bring(BLOCK, BLOCK + 10);
            first.release(0, 10);

            second.bring(3 * BLOCK, 4 * BLOCK);

            assertThat(budget.used()).isEqualTo(2 * BLOCK);
            assertThat(read(first, BLOCK, BLOCK + 10)).isEqualTo(expected(BLOCK, BLOCK + 10));
            assertThat(read(second, 3 * BLOCK, 4 * BLOCK))
                    .isEqualTo(expected(3 * BLOCK, 4 * BLOCK));
        }
    }

    @Test
    void aFailureAheadIsTriedAgainByWhoeverNeedsIt() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch failed = new CountDownLatch(1);
        store.setObstacle(r -> {
            if (asked.incrementAndGet() == 1) {
                failed.countDown();
                throw refused(r);
            }
        });
        try (RemoteFile.Copy copy = object().open()) {
            copy.request(0, 10);
            failed.await();

            copy.bring(0, 10);

            assertThat(read(copy, 0, 10)).isEqualTo(expected(0, 10));
            assertThat(asked).hasValue(2);
        }
    }

    @Test
    void aFailureThatLastsIsTold() {
        store.setObstacle(r -> {
            throw refused(r);
        });
        try (RemoteFile.Copy copy = object().open()) {
            copy.request(0, SIZE);

            assertThatThrownBy(() -> copy.bring(0, SIZE))
                    .isInstanceOf(MergeException.class)
                    .hasMessageContaining("is on strike");
        }
        allIsReturned();
    }

    // Transfers that are under way when a copy is closed return their share when they end.
    private void allIsReturned() {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (budget.used() > 0 && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(budget.used()).isZero();
    }

    private static MergeException refused(Read read) {
        return new MergeException(Problem.input(read.object().toString(), "is on strike"));
    }

    @Test
    void anObjectThatChangedIsRefused() {
        try (RemoteFile.Copy copy = object().open()) {
            store.with(PATH.toString(), content);

            assertThatThrownBy(() -> copy.bring(0, 10))
                    .hasMessageContaining(
                            "s3://bucket/x.safetensors: changed after its header was read");
        }
    }

    @Test
    void whatIsOnItsWayAtTheEndIsGivenUp() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        store.setObstacle(_ -> {
            begun.countDown();
            await(answer);
        });
        Path path;
        try (RemoteFile.Copy copy = object().open()) {
            path = copy.path();
            copy.request(0, BLOCK);
            begun.await();
        }
        answer.countDown();
        transfers.close();

        assertThat(path).doesNotExist();
        assertThat(budget.used()).isZero();
    }
}
