package jmergekit.cuda;

import jmergekit.tensor.DType;

/// The codes for dtypes in kernels; `kernels.cu` has the same.
final class ElementType {
    private ElementType() {}

    /// Whether kernels support the dtype: they do not read packed floats or scales on their own.
    static boolean isKnown(DType dtype) {
        return !dtype.isOpaque();
    }

    static int of(DType dtype) {
        return switch (dtype) {
            case F64 -> 0;
            case F32 -> 1;
            case F16 -> 2;
            case BF16 -> 3;
            case F8_E4M3 -> 4;
            case F8_E5M2 -> 5;
            case I64 -> 6;
            case I32 -> 7;
            case I16 -> 8;
            case I8 -> 9;
            case U64 -> 10;
            case U32 -> 11;
            case U16 -> 12;
            case U8 -> 13;
            case BOOL -> 14;
            default -> throw new IllegalArgumentException("no kernel computes with " + dtype);
        };
    }
}
