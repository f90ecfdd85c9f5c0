package jmergekit.plan;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;

/// A few float32 values that a plan holds. Immutable.
public final class Values {
    private final float[] values;

    private Values(float[] values) {
        this.values = values;
    }

    /// Copies the values.
    public static Values of(float... values) {
        return new Values(values.clone());
    }

    public static Values zeros(int count) {
        return new Values(new float[count]);
    }

    /// Decodes the text written by [#encoded].
    ///
    /// @throws IllegalArgumentException if the text is invalid
    static Values decode(String text) {
        ByteBuffer bytes =
                ByteBuffer.wrap(Base64.getDecoder().decode(text)).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.remaining() % Float.BYTES != 0) {
            throw new IllegalArgumentException("not float32 values: " + bytes.remaining());
        }
        float[] values = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(values);
        return new Values(values);
    }

    /// The bytes of little-endian float32 values in Base64.
    public String encoded() {
        ByteBuffer bytes =
                ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    public int count() {
        return values.length;
    }

    /// A copy of the values.
    public float[] toArray() {
        return values.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Values v && Arrays.equals(values, v.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return values.length + " values";
    }
}
