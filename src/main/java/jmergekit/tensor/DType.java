package jmergekit.tensor;

import java.util.Locale;
import java.util.Optional;

/// The element types of the safetensors format, under the names its header uses.
///
/// Source: the format's README, <https://github.com/huggingface/safetensors>.
public enum DType {
    F64(8, Kind.FLOAT, "float64"),
    F32(4, Kind.FLOAT, "float32"),
    F16(2, Kind.FLOAT, "float16"),
    BF16(2, Kind.FLOAT, "bfloat16"),
    F8_E4M3(1, Kind.FLOAT, "float8_e4m3fn"),
    F8_E5M2(1, Kind.FLOAT, "float8_e5m2"),
    I64(8, Kind.INTEGER, "int64"),
    I32(4, Kind.INTEGER, "int32"),
    I16(2, Kind.INTEGER, "int16"),
    I8(1, Kind.INTEGER, "int8"),
    U64(8, Kind.INTEGER, "uint64"),
    U32(4, Kind.INTEGER, "uint32"),
    U16(2, Kind.INTEGER, "uint16"),
    U8(1, Kind.INTEGER, "uint8"),
    BOOL(1, Kind.BOOLEAN, "bool"),
    /// A power of two: 2^(b - 127), NaN if all bits are set. Used for scales of blocks.
    F8_E8M0(8, "float8_e8m0fnu"),
    /// Two per byte, the first one in the low bits.
    F4(4, "float4_e2m1fn_x2"),
    F6_E2M3(6, "float6_e2m3fn"),
    F6_E3M2(6, "float6_e3m2fn"),
    F8_E4M3FNUZ(8, "float8_e4m3fnuz"),
    F8_E5M2FNUZ(8, "float8_e5m2fnuz"),
    C64(64, "complex64");

    private enum Kind {
        FLOAT,
        INTEGER,
        BOOLEAN,
        OPAQUE
    }

    private final int bits;
    // 0 if elements share bytes.
    private final int bytes;
    private final Kind kind;
    private final String torchName;

    DType(int bytes, Kind kind, String torchName) {
        this.bits = bytes * Byte.SIZE;
        this.bytes = bytes;
        this.kind = kind;
        this.torchName = torchName;
    }

    DType(int bits, String torchName) {
        this.bits = bits;
        this.bytes = bits / Byte.SIZE;
        this.kind = Kind.OPAQUE;
        this.torchName = torchName;
    }

    /// Bits per element.
    public int bits() {
        return bits;
    }

    /// Bytes per element, of a dtype whose elements do not share bytes.
    public int bytes() {
        if (bytes == 0) {
            throw shared();
        }
        return bytes;
    }

    private IllegalStateException shared() {
        return new IllegalStateException("elements of " + this + " share bytes");
    }

    /// The bytes that this many elements occupy.
    ///
    /// @throws ArithmeticException if they do not fill their last byte, or the number overflows
    public long bytes(long elements) {
        if (!isPacked()) {
            return Math.multiplyExact(elements, (long) bytes);
        }
        long all = Math.multiplyExact(elements, (long) bits);
        if (all % Byte.SIZE != 0) {
            throw new ArithmeticException(
                    "%d elements of %s are not a whole number of bytes".formatted(elements, this));
        }
        return all / Byte.SIZE;
    }

    /// Whether elements share bytes.
    public boolean isPacked() {
        return bytes == 0;
    }

    /// Whether elements can only be copied unless the layout of the checkpoint gives them a
    /// meaning: scales, weights of less than eight bits, and complex numbers.
    public boolean isOpaque() {
        return kind == Kind.OPAQUE;
    }

    public boolean isFloat() {
        return kind == Kind.FLOAT;
    }

    public boolean isInteger() {
        return kind == Kind.INTEGER;
    }

    /// The name that recipes and config.json use, as in `bfloat16`.
    public String torchName() {
        return torchName;
    }

    /// By the name in a safetensors header, as in `BF16`.
    public static Optional<DType> ofSafetensors(String name) {
        for (DType dtype : values()) {
            if (dtype.name().equals(name)) {
                return Optional.of(dtype);
            }
        }
        return Optional.empty();
    }

    /// By the name in a recipe or config.json: `bfloat16`, `torch.bfloat16`, and the short forms
    /// `bf16`, `fp16`, `half`, `float`, `double`.
    public static Optional<DType> ofTorch(String name) {
        String plain = name.toLowerCase(Locale.ROOT);
        plain = plain.startsWith("torch.") ? plain.substring("torch.".length()) : plain;
        for (DType dtype : values()) {
            if (dtype.torchName.equals(plain)) {
                return Optional.of(dtype);
            }
        }
        return switch (plain) {
            case "bf16" -> Optional.of(BF16);
            case "fp16", "half" -> Optional.of(F16);
            case "fp32", "float" -> Optional.of(F32);
            case "fp64", "double" -> Optional.of(F64);
            default -> Optional.empty();
        };
    }

    /// The dtype that can hold the values of both: the wider float; F32 for two different 16-bit
    /// ones.
    public static DType promote(DType a, DType b) {
        if (a == b) {
            return a;
        }
        if (!a.isFloat() || !b.isFloat()) {
            return a.isFloat() ? a : b;
        }
        if (a.bits == b.bits) {
            return a.bits == Byte.SIZE ? F16 : F32;
        }
        return a.bits > b.bits ? a : b;
    }
}
