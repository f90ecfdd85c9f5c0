package jmergekit.conformance;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A tensor as it lies in a weight file: dtype by its name in the header, shape, little-endian
/// bytes.
final class StoredTensor {
    private static final Map<String, Integer> WIDTHS =
            Map.of(
                    "F64", 8, "F32", 4, "F16", 2, "BF16", 2, "I64", 8, "I32", 4, "I16", 2, "I8", 1,
                    "U8", 1, "BOOL", 1);

    private final String dtype;
    private final List<Integer> shape;
    private final ByteBuffer bytes;

    /// The bytes are not copied.
    ///
    /// @throws IllegalArgumentException if the dtype is unknown or the bytes do not fill the shape
    StoredTensor(String dtype, List<Integer> shape, ByteBuffer bytes) {
        this.dtype = dtype;
        this.shape = List.copyOf(shape);
        this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        long needed = width();
        for (int size : shape) {
            needed = Math.multiplyExact(needed, size);
        }
        if (needed != this.bytes.limit()) {
            throw new IllegalArgumentException(
                    "%s %s needs %d bytes, found %d"
                            .formatted(dtype, shape, needed, this.bytes.limit()));
        }
    }

    /// A tensor of the given values, each rounded to nearest even where the dtype is a float.
    static StoredTensor of(String dtype, List<Integer> shape, double... values) {
        int width = width(dtype);
        ByteBuffer bytes =
                ByteBuffer.allocate(values.length * width).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < values.length; i++) {
            put(bytes, dtype, i * width, values[i]);
        }
        return new StoredTensor(dtype, shape, bytes);
    }

    private static void put(ByteBuffer bytes, String dtype, int at, double value) {
        switch (dtype) {
            case "F64" -> bytes.putDouble(at, value);
            case "F32" -> bytes.putFloat(at, (float) value);
            case "F16" -> bytes.putShort(at, Float.floatToFloat16((float) value));
            case "BF16" -> {
                int bits = Float.floatToIntBits((float) value);
                bytes.putShort(at, (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16));
            }
            case "I64" -> bytes.putLong(at, (long) value);
            case "I32" -> bytes.putInt(at, (int) value);
            case "I16" -> bytes.putShort(at, (short) value);
            default -> bytes.put(at, (byte) value);
        }
    }

    private static int width(String dtype) {
        Integer width = WIDTHS.get(dtype);
        if (width == null) {
            throw new IllegalArgumentException("unknown dtype '" + dtype + "'");
        }
        return width;
    }

    int width() {
        return width(dtype);
    }

    String dtype() {
        return dtype;
    }

    List<Integer> shape() {
        return shape;
    }

    ByteBuffer bytes() {
        return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    int count() {
        return bytes.limit() / width();
    }

    boolean isFloat() {
        return dtype.startsWith("F") || dtype.equals("BF16");
    }

    double value(int i) {
        int at = i * width();
        return switch (dtype) {
            case "F64" -> bytes.getDouble(at);
            case "F32" -> bytes.getFloat(at);
            case "F16" -> Float.float16ToFloat(bytes.getShort(at));
            case "BF16" -> Float.intBitsToFloat(bytes.getShort(at) << 16);
            case "I64" -> bytes.getLong(at);
            case "I32" -> bytes.getInt(at);
            case "I16" -> bytes.getShort(at);
            case "I8" -> bytes.get(at);
            default -> bytes.get(at) & 0xff;
        };
    }

    double[] values() {
        double[] values = new double[count()];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(i);
        }
        return values;
    }

    /// Whether element `i` of both is the same bit for bit; every NaN is the same.
    boolean sameBits(StoredTensor other, int i) {
        if (isFloat() || other.isFloat()) {
            return Double.doubleToLongBits(value(i)) == Double.doubleToLongBits(other.value(i));
        }
        return width() == other.width()
                && bytes.slice(i * width(), width())
                        .equals(other.bytes.slice(i * width(), width()));
    }

    /// A copy with one element replaced.
    StoredTensor with(int i, double value) {
        ByteBuffer copy = copyOfBytes(count() * width());
        put(copy, dtype, i * width(), value);
        return new StoredTensor(dtype, shape, copy);
    }

    /// A copy with the lowest bit of one element inverted.
    StoredTensor withLowestBitInverted(int i) {
        ByteBuffer copy = copyOfBytes(count() * width());
        copy.put(i * width(), (byte) (copy.get(i * width()) ^ 1));
        return new StoredTensor(dtype, shape, copy);
    }

    private ByteBuffer copyOfBytes(int capacity) {
        return ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN).put(bytes()).flip();
    }

    /// Row `i` of the result is row `order[i]` of this.
    StoredTensor rows(int... order) {
        int rowBytes = shape.getFirst() == 0 ? 0 : bytes.limit() / shape.getFirst();
        ByteBuffer picked = ByteBuffer.allocate(order.length * rowBytes);
        for (int row : order) {
            picked.put(bytes.slice(row * rowBytes, rowBytes));
        }
        List<Integer> pickedShape = new ArrayList<>(shape);
        pickedShape.set(0, order.length);
        return new StoredTensor(dtype, pickedShape, picked.flip());
    }

    /// The parts one after the other, under the given shape.
    ///
    /// @throws IllegalArgumentException if their dtypes differ or they do not fill the shape
    static StoredTensor joined(List<Integer> shape, List<StoredTensor> parts) {
        String dtype = parts.getFirst().dtype;
        ByteBuffer all =
                ByteBuffer.allocate(parts.stream().mapToInt(part -> part.bytes.limit()).sum());
        for (StoredTensor part : parts) {
            if (!part.dtype.equals(dtype)) {
                throw new IllegalArgumentException("parts of " + dtype + " and " + part.dtype);
            }
            all.put(part.bytes());
        }
        return new StoredTensor(dtype, shape, all.flip());
    }
}
