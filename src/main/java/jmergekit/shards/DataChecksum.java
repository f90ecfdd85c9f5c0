package jmergekit.shards;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;

/// The CRC-32 of data that is written in parts, in any order and by any number of threads.
///
/// A CRC is the remainder of a polynomial over bits. Without the initial and final ones, the CRC of
/// the whole is the sum of the CRCs of the parts, each times `x` to the power of the number of bits
/// that follow it. Parts can therefore be added as they arrive, and none is kept.
///
/// Source: W. W. Peterson and D. T. Brown, Cyclic Codes for Error Detection, 1961; bits are in the
/// order of ITU-T V.42, with the highest power of `x` last.
final class DataChecksum {
    private static final int POLYNOMIAL = 0xedb8_8320;
    private static final int ONE = 0x8000_0000;
    private static final int ONES = 0xffff_ffff;

    /// Bytes passed to one call; a buffer cannot have more than 2 GiB - 1.
    private static final long COUNTED_AT_ONCE = 1L << 20;

    /// `x` to the power of 8 times 2 to the power of the index.
    private static final int[] POWERS = powers();

    private static int[] powers() {
        int[] powers = new int[Long.SIZE];
        powers[0] = ONE >>> Byte.SIZE;
        for (int i = 1; i < powers.length; i++) {
            powers[i] = product(powers[i - 1], powers[i - 1]);
        }
        return powers;
    }

    private final long size;
    private final AtomicInteger sum = new AtomicInteger();

    /// @param size of the whole data, in bytes
    DataChecksum(long size) {
        this.size = size;
    }

    /// Adds a part at `byteOffset`. Parts may not overlap.
    void add(long byteOffset, MemorySegment part) {
        long bytes = part.byteSize();
        CRC32 crc = new CRC32();
        for (long done = 0; done < bytes; done += COUNTED_AT_ONCE) {
            crc.update(part.asSlice(done, Math.min(COUNTED_AT_ONCE, bytes - done)).asByteBuffer());
        }
        int plain = (int) crc.getValue() ^ ONES ^ product(ONES, power(bytes));
        int shifted = product(plain, power(size - byteOffset - bytes));
        sum.accumulateAndGet(shifted, (a, b) -> a ^ b);
    }

    /// The checksum of the whole, after all parts were added.
    int value() {
        return sum.get() ^ product(ONES, power(size)) ^ ONES;
    }

    /// `x` to the power of the number of bits in this many bytes.
    private static int power(long bytes) {
        int power = ONE;
        for (long left = bytes; left != 0; left &= left - 1) {
            power = product(power, POWERS[Long.numberOfTrailingZeros(left)]);
        }
        return power;
    }

    private static int product(int a, int b) {
        int product = 0;
        int shifted = b;
        for (int bit = ONE; bit != 0; bit >>>= 1) {
            if ((a & bit) != 0) {
                product ^= shifted;
            }
            shifted = (shifted >>> 1) ^ ((shifted & 1) == 0 ? 0 : POLYNOMIAL);
        }
        return product;
    }
}
