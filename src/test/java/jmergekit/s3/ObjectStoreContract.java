package jmergekit.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import jmergekit.problem.ExitCode;
import jmergekit.problem.MergeException;
import jmergekit.threads.Cancellation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every store does.
interface ObjectStoreContract {
    /// With a bucket, which holds nothing below `folder()`.
    ObjectStore store();

    ObjectPath folder();

    @Test
    default void whatIsWrittenIsListedAndRead() {
        ObjectPath object = folder().child("a/b c+ü.json");
        store().write(object, new byte[] {1, 2, 3, 4});
        store().write(folder().child("z"), new byte[0]);

        List<ObjectStore.Found> found = store().list(folder());

        assertThat(found).extracting(ObjectStore.Found::name).containsExactly("a/b c+ü.json", "z");
        assertThat(found).extracting(ObjectStore.Found::size).containsExactly(4L, 0L);
        assertThat(store().read(object, found.getFirst().etag(), 1, 3)).containsExactly(2, 3);
        assertThat(store().find(object).orElseThrow().etag()).isEqualTo(found.getFirst().etag());
    }

    @Test
    default void aFolderIsNoPrefixOfNames() {
        store().write(folder().child("model/x"), new byte[1]);
        store().write(folder().child("model2/y"), new byte[1]);

        assertThat(store().list(folder().child("model")))
                .extracting(ObjectStore.Found::name)
                .containsExactly("x");
        assertThat(store().list(folder().child("mod"))).isEmpty();
    }

    @Test
    default void bytesComeWithTheirPositionsInOrder() {
        byte[] content = new byte[1 << 20];
        new Random(1).nextBytes(content);
        ObjectPath object = folder().child("large");
        store().write(object, content);
        List<Long> positions = new ArrayList<>();
        byte[] read = new byte[content.length];

        store().read(
                        object,
                        "",
                        1000,
                        content.length,
                        (bytes, at) -> {
                            positions.add(at);
                            bytes.get(read, (int) at, bytes.remaining());
                        });

        assertThat(positions).isSorted().startsWith(1000L);
        assertThat(read).startsWith(new byte[1000]);
        assertThat(Arrays.mismatch(read, 1000, read.length, content, 1000, read.length))
                .isEqualTo(-1);
    }

    @Test
    default void aChangedObjectIsNotRead() {
        ObjectPath object = folder().child("x");
        store().write(object, new byte[] {1, 2});
        String etag = store().find(object).orElseThrow().etag();
        store().write(object, new byte[] {3, 4});

        assertThatThrownBy(() -> store().read(object, etag, 0, 2))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining(object + ": changed after its header was read");
        assertThatThrownBy(() -> store().read(object, "", 0, 3)).isInstanceOf(MergeException.class);
    }

    @Test
    default void whatIsNotThereIsToldByName() {
        ObjectPath object = folder().child("none");

        assertThat(store().find(object)).isEmpty();
        assertThatThrownBy(() -> store().read(object, "", 0, 1))
                .hasMessageContaining(object + ": there is no such object");
    }

    @Test
    default void anUnknownBucketIsToldByName() {
        ObjectPath elsewhere = new ObjectPath("no-such-bucket-here", "model");

        assertThatThrownBy(() -> store().list(elsewhere))
                .isInstanceOfSatisfying(
                        MergeException.class,
                        e -> assertThat(e.exitCode()).isEqualTo(ExitCode.INPUT))
                .hasMessageContaining("s3://no-such-bucket-here: there is no such bucket");
        assertThatThrownBy(() -> store().forOutput().list(elsewhere))
                .isInstanceOfSatisfying(
                        MergeException.class,
                        e -> assertThat(e.exitCode()).isEqualTo(ExitCode.OUTPUT));
    }

    @Test
    default void filesAreUploadedWhole(@TempDir Path scratch) throws IOException {
        byte[] content = new byte[(int) PartsUpload.PART_BYTES * 2 + 5];
        new Random(2).nextBytes(content);
        Path file = Files.write(scratch.resolve("large"), content);
        Path small = Files.write(scratch.resolve("small"), new byte[] {7});
        List<Long> moved = Collections.synchronizedList(new ArrayList<>());

        store().upload(folder().child("large"), file, moved::add, new Cancellation());
        store().upload(folder().child("small"), small, moved::add, new Cancellation());

        assertThat(moved.stream().mapToLong(Long::longValue).sum()).isEqualTo(content.length + 1L);
        assertThat(store().read(folder().child("large"), "", 0, content.length)).isEqualTo(content);
        assertThat(store().read(folder().child("small"), "", 0, 1)).containsExactly(7);
    }

    @Test
    default void aCancelledUploadLeavesNothing(@TempDir Path scratch) throws IOException {
        Path file = Files.write(scratch.resolve("x"), new byte[(int) PartsUpload.PART_BYTES + 1]);
        Cancellation cancellation = new Cancellation();
        cancellation.cancel();

        assertThatThrownBy(() -> store().upload(folder().child("x"), file, _ -> {}, cancellation))
                .isInstanceOf(Cancellation.Cancelled.class);
        assertThat(store().find(folder().child("x"))).isEmpty();
    }

    @Test
    default void whatIsDeletedIsGone() {
        store().write(folder().child("x"), new byte[1]);
        store().write(folder().child("y"), new byte[1]);

        store().delete(List.of(folder().child("x"), folder().child("never-there")));

        assertThat(store().list(folder())).extracting(ObjectStore.Found::name).containsExactly("y");
    }
}
