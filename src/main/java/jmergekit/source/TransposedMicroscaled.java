package jmergekit.source;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;
import jmergekit.primitive.SourceTensor;
import jmergekit.tensor.DType;
import jmergekit.tile.TileOps;

/// A transposed [MicroscaledTensor]. Strips contain 4-bit values, so that they stay in the
/// second-level cache, and are widened as they are read.
final class TransposedMicroscaled implements SourceTensor {
    private static final ValueLayout.OfInt WORD =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// Values per word.
    private static final int NUMBERS = 8;

    /// Rows of a strip: those that share scales.
    private static final int STRIP = TileOps.MX_BLOCK;

    private final MicroscaledTensor tensor;
    private final int rows;
    private final long columns;
    private final Strips<Codes> strips;

    /// The values of a strip.
    ///
    /// @param words eight values of a row of the strip each, row by row
    /// @param factors the scale of each column of the strip
    private record Codes(int[] words, float[] factors) {}

    /// @param rows of the source matrix
    TransposedMicroscaled(MicroscaledTensor tensor, int rows) {
        this.tensor = tensor;
        this.rows = rows;
        this.columns = tensor.elements() / rows;
        this.strips =
                new Strips<>(
                        () -> new Codes(new int[STRIP * rows / NUMBERS], new float[rows]),
                        this::fill);
    }

    /// Whether blocks and words do not cross rows and columns.
    static boolean fits(MicroscaledTensor tensor, long rows) {
        return rows > 0
                && rows % NUMBERS == 0
                && rows <= Integer.MAX_VALUE / STRIP
                && tensor.elements() % rows == 0
                && tensor.elements() / rows % TileOps.MX_BLOCK == 0;
    }

    @Override
    public long elements() {
        return tensor.elements();
    }

    @Override
    public DType dtype() {
        return tensor.dtype();
    }

    @Override
    public Optional<MemorySegment> bytes() {
        return Optional.empty();
    }

    @Override
    public void read(long from, int n, float[] into) {
        long elements = (long) rows * STRIP;
        int done = 0;
        while (done < n) {
            long at = from + done;
            Strips.Strip<Codes> strip = strips.take(at / elements);
            int start = (int) (at % elements);
            int length = Math.min(n - done, rows - start % rows);
            widen(strip.values(), start, length, into, done);
            strips.give(strip);
            done += length;
        }
    }

    // Widens part of one row of a strip.
    private void widen(Codes codes, int start, int n, float[] into, int to) {
        int column = start % rows;
        int lead = Math.min(n, -column & NUMBERS - 1);
        int whole = (n - lead) / NUMBERS;
        int rest = n - lead - whole * NUMBERS;
        if (lead > 0) {
            part(codes, start, lead, into, to);
        }
        tensor.ops()
                .widenMicroscaled(
                        codes.words(),
                        (start + lead) / NUMBERS,
                        codes.factors(),
                        column + lead,
                        into,
                        to + lead,
                        whole);
        if (rest > 0) {
            part(codes, start + n - rest, rest, into, to + n - rest);
        }
    }

    // Widens part of one word.
    private void part(Codes codes, int start, int n, float[] into, int to) {
        float[] word = new float[NUMBERS];
        int first = start % NUMBERS;
        tensor.ops()
                .widenMicroscaled(
                        codes.words(),
                        start / NUMBERS,
                        codes.factors(),
                        start % rows - first,
                        word,
                        0,
                        1);
        System.arraycopy(word, first, into, to, n);
    }

    private void fill(Codes codes, long index) {
        long bytes = columns / 2;
        long powers = columns / TileOps.MX_BLOCK;
        int across = rows / NUMBERS;
        float[] one = new float[1];
        for (int row = 0; row < rows; row++) {
            tensor.ops().widen(DType.F8_E8M0, tensor.scales(), index + row * powers, one, 1);
            codes.factors()[row] = one[0];
        }
        int[] words = codes.words();
        int[] square = new int[NUMBERS];
        for (int row = 0; row < rows; row += NUMBERS) {
            for (int word = 0; word < STRIP / NUMBERS; word++) {
                long at = row * bytes + index * (STRIP / 2) + word * Integer.BYTES;
                for (int i = 0; i < NUMBERS; i++) {
                    square[i] = tensor.codes().get(WORD, at + i * bytes);
                }
                transpose(square);
                int to = word * NUMBERS * across + row / NUMBERS;
                for (int i = 0; i < NUMBERS; i++) {
                    words[to + i * across] = square[i];
                }
            }
        }
    }

    /// Transposes eight rows of eight 4-bit values.
    ///
    /// Source: Warren, *Hacker's Delight*, 7-3, for squares of bits.
    private static void transpose(int[] x) {
        exchange(x, 4, 16, 0x0000_ffff);
        exchange(x, 2, 8, 0x00ff_00ff);
        exchange(x, 1, 4, 0x0f0f_0f0f);
    }

    private static void exchange(int[] x, int distance, int shift, int mask) {
        for (int i = 0; i < NUMBERS; i++) {
            if ((i & distance) == 0) {
                int other = (x[i] >>> shift ^ x[i + distance]) & mask;
                x[i + distance] ^= other;
                x[i] ^= other << shift;
            }
        }
    }
}
