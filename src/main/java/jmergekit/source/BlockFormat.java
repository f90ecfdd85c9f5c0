package jmergekit.source;

import jmergekit.tensor.DType;

/// How a tensor is quantised: its matrices are divided into blocks, each of which is stored as small
/// floats and the scale that they are to be multiplied by.
///
/// The scale brings the largest magnitude of its block to the largest value of the small floats. One
/// that is a power of two is the next such one above that for floats of eight bits, which leaves none
/// out of range, and for those of four bits the one that the specification of MX says, with which the
/// largest ones of a block may exceed the range by a third and are stored as its end.
///
/// Source: *DeepSeek-V3 Technical Report*, <https://arxiv.org/abs/2412.19437>, section 3.3, and *OCP
/// Microscaling Formats (MX) Specification*, version 1.0.
///
/// @param values dtype of the small floats: F8_E4M3, F8_E5M2 or F4
/// @param scales dtype of the scales: F32, BF16, F16 or F8_E8M0; U8 for the bits of the latter
/// @param rows of each matrix; a tensor may have several, one after the other
/// @param columns of each matrix
/// @param blockRows rows of a block; the last blocks of a matrix may have fewer
/// @param blockColumns columns of a block, likewise
public record BlockFormat(
        DType values, DType scales, long rows, long columns, long blockRows, long blockColumns) {
    public BlockFormat {
        boolean known =
                switch (values) {
                    case F8_E4M3, F8_E5M2, F4 -> true;
                    default -> false;
                };
        known &=
                switch (scales) {
                    case F32, BF16, F16, F8_E8M0, U8 -> true;
                    default -> false;
                };
        if (!known || rows < 1 || columns < 1 || blockRows < 1 || blockColumns < 1) {
            throw new IllegalArgumentException(
                    "no format: %s with scales %s in blocks [%d, %d] of [%d, %d]"
                            .formatted(values, scales, blockRows, blockColumns, rows, columns));
        }
    }

    public long blocksDown() {
        return Math.ceilDiv(rows, blockRows);
    }

    public long blocksAcross() {
        return Math.ceilDiv(columns, blockColumns);
    }

    /// How many blocks a tensor of so many elements has.
    public long blocks(long elements) {
        return elements / (rows * columns) * blocksDown() * blocksAcross();
    }

    /// The number of the block that an element of a row lies in.
    ///
    /// @param row counted through all matrices
    long block(long row, long column) {
        long down = row / rows * blocksDown() + row % rows / blockRows;
        return down * blocksAcross() + column / blockColumns;
    }

    boolean isPowerOfTwo() {
        return scales == DType.F8_E8M0 || scales == DType.U8;
    }

    SmallFloats floats() {
        return switch (values) {
            case F8_E4M3 -> SmallFloats.E4M3;
            case F8_E5M2 -> SmallFloats.E5M2;
            default -> SmallFloats.E2M1;
        };
    }

    /// The scale of a block.
    ///
    /// @param largest the largest magnitude of its elements that are finite
    float scale(float largest) {
        if (largest == 0) {
            return 1;
        }
        if (isPowerOfTwo()) {
            return Math.scalb(1f, Math.clamp(exponent(largest), -127, 127));
        }
        // A subnormal scale would have few digits, and processors that flush it give 0.
        double scale = Math.max(largest / (double) floats().largest(), Float.MIN_NORMAL);
        return switch (scales) {
            case BF16 -> bf16(scale);
            case F16 -> f16(scale);
            default -> (float) scale;
        };
    }

    private int exponent(float largest) {
        int floor = Math.getExponent((double) largest);
        if (values == DType.F4) {
            return floor - Math.getExponent(floats().largest());
        }
        double quotient = largest / (double) floats().largest();
        int exponent = Math.getExponent(quotient);
        return Math.scalb(1.0, exponent) < quotient ? exponent + 1 : exponent;
    }

    private static float bf16(double scale) {
        int bits = Float.floatToRawIntBits((float) scale);
        return Float.intBitsToFloat(bits + 0x7fff + (bits >>> 16 & 1) & 0xffff_0000);
    }

    // Its smallest value is 2^-24.
    private static float f16(double scale) {
        return Float.float16ToFloat(
                Float.floatToFloat16((float) Math.clamp(scale, 0x1p-24, 65504.0)));
    }
}
