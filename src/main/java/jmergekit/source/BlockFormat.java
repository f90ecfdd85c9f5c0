package jmergekit.source;

import jmergekit.tensor.DType;

/// How a tensor is quantised: its matrices are divided into blocks, each stored as small floats and
/// a scale to multiply them by.
///
/// The scale maps the largest magnitude of its block to the largest value of the small floats. If
/// scales are powers of two, 8-bit floats use the next higher one, so that no value is out of
/// range. 4-bit floats use the one defined by the MX specification, with which the largest values
/// of a block may exceed the range by a third and are clamped.
///
/// Source: *DeepSeek-V3 Technical Report*, <https://arxiv.org/abs/2412.19437>, section 3.3, and *OCP
/// Microscaling Formats (MX) Specification*, version 1.0.
///
/// @param values dtype of the small floats: F8_E4M3, F8_E5M2 or F4
/// @param scales dtype of the scales: F32, BF16, F16 or F8_E8M0; U8 for the bits of the latter
/// @param rows of each matrix; a tensor may have several matrices, one after another
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
                    "invalid format: %s with scales %s in blocks [%d, %d] of [%d, %d]"
                            .formatted(values, scales, blockRows, blockColumns, rows, columns));
        }
    }

    public long blocksDown() {
        return Math.ceilDiv(rows, blockRows);
    }

    public long blocksAcross() {
        return Math.ceilDiv(columns, blockColumns);
    }

    /// The number of blocks in a tensor with this many elements.
    public long blocks(long elements) {
        return elements / (rows * columns) * blocksDown() * blocksAcross();
    }

    /// The index of the block that contains an element.
    ///
    /// @param row counted over all matrices
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
    /// @param largest the largest magnitude of its finite elements
    float scale(float largest) {
        if (largest == 0) {
            return 1;
        }
        if (isPowerOfTwo()) {
            return Math.scalb(1f, Math.clamp(exponent(largest), -127, 127));
        }
        // A subnormal scale would lose precision, and processors that flush subnormals give 0.
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
