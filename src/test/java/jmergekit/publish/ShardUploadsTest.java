package jmergekit.publish;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import jmergekit.fixture.s3.MemoryStore;
import jmergekit.s3.ObjectPath;
import jmergekit.shards.ShardLayout;
import jmergekit.threads.Cancellation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ShardUploadsTest {
    @TempDir private Path folder;

    @Test
    void aStoreThatDoesNotAnswerKeepsNoProgramFromItsEnd() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        MemoryStore store = new MemoryStore();
        store.setUploadObstacle(_ -> {
            begun.countDown();
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        ShardUploads uploads =
                new ShardUploads(store, ObjectPath.of("s3://bucket/out").orElseThrow());
        ShardLayout.Shard shard = ThreeShards.LAYOUT.shards().getFirst();
        Path file = Files.write(folder.resolve(shard.fileName()), new byte[4]);
        uploads.finished(shard, "", file);
        begun.await();

        uploads.stopAtExit();

        assertThatThrownBy(uploads::await).isInstanceOf(Cancellation.Cancelled.class);
        never.countDown();
    }
}
