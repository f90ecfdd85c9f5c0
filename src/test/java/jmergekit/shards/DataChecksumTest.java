package jmergekit.shards;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class DataChecksumTest {
    private static int expected(byte[] data) {
        CRC32 crc = new CRC32();
        crc.update(data);
        return (int) crc.getValue();
    }

    /// The check value of CRC-32 in the catalogue of parametrised CRC algorithms.
    @Test
    void theChecksumOfNineDigits() {
        MemorySegment digits =
                MemorySegment.ofArray("123456789".getBytes(StandardCharsets.US_ASCII));
        DataChecksum whole = new DataChecksum(9);
        whole.add(0, digits);
        DataChecksum parts = new DataChecksum(9);
        parts.add(7, digits.asSlice(7));
        parts.add(0, digits.asSlice(0, 1));
        parts.add(1, digits.asSlice(1, 6));

        assertThat(whole.value()).isEqualTo(0xcbf43926);
        assertThat(parts.value()).isEqualTo(0xcbf43926);
    }

    @Test
    void noDataHasChecksumZero() {
        DataChecksum checksum = new DataChecksum(0);
        assertThat(checksum.value()).isZero();
        checksum.add(0, MemorySegment.ofArray(new byte[0]));
        assertThat(checksum.value()).isZero();
    }

    @Test
    void partsOfAnySizeComeInAnyOrderFromAnyThread() {
        Random random = new Random(1);
        byte[] data = new byte[5_000_003];
        random.nextBytes(data);
        List<Integer> cuts = new ArrayList<>(List.of(0, data.length, 1, 1, 2_500_000));
        for (int i = 0; i < 300; i++) {
            cuts.add(random.nextInt(data.length));
        }
        Collections.sort(cuts);
        List<Integer> parts = new ArrayList<>();
        for (int i = 0; i + 1 < cuts.size(); i++) {
            parts.add(i);
        }
        try (Arena arena = Arena.ofShared()) {
            MemorySegment bytes = arena.allocate(data.length);
            bytes.copyFrom(MemorySegment.ofArray(data));
            for (int round = 0; round < 5; round++) {
                Collections.shuffle(parts, random);
                DataChecksum checksum = new DataChecksum(data.length);
                parts.parallelStream()
                        .forEach(i ->
                                checksum.add(
                                        cuts.get(i),
                                        bytes.asSlice(cuts.get(i), cuts.get(i + 1) - cuts.get(i))));

                assertThat(checksum.value()).isEqualTo(expected(data));
            }
        }
    }

    // 8 GiB of zeros, then a one. Zeros add nothing.
    @Test
    void sizesBeyondThirtyTwoBits() {
        long size = (8L << 30) + 1;
        DataChecksum zerosAreLeftOut = new DataChecksum(size);
        zerosAreLeftOut.add(size - 1, MemorySegment.ofArray(new byte[] {1}));
        DataChecksum zerosAreRead = new DataChecksum(size);
        MemorySegment zeros = MemorySegment.ofArray(new byte[1 << 20]);
        CRC32 expected = new CRC32();
        byte[] array = new byte[1 << 20];
        for (long at = 0; at < size - 1; at += 1 << 20) {
            zerosAreRead.add(at, zeros);
            expected.update(array);
        }
        zerosAreRead.add(size - 1, MemorySegment.ofArray(new byte[] {1}));
        expected.update(1);

        assertThat(zerosAreRead.value()).isEqualTo((int) expected.getValue());
        assertThat(zerosAreLeftOut.value()).isEqualTo((int) expected.getValue());
    }
}
