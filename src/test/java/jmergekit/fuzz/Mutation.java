package jmergekit.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Damages bytes at random: cuts, gaps, repetitions, single bytes and bits, and pieces that a reader
/// is likely to stumble over.
public final class Mutation {
    private static final int LONGEST_PIECE = 40;

    private final Random random;
    private final List<byte[]> tokens;

    /// @param tokens pieces to put in
    public Mutation(Random random, List<byte[]> tokens) {
        this.random = random;
        this.tokens = List.copyOf(tokens);
    }

    /// Texts as tokens.
    public static List<byte[]> tokens(String... texts) {
        return Arrays.stream(texts).map(t -> t.getBytes(StandardCharsets.ISO_8859_1)).toList();
    }

    /// A copy with one to six changes.
    public byte[] of(byte[] original) {
        byte[] bytes = original;
        for (int i = random.nextInt(6); i >= 0; i--) {
            bytes = once(bytes);
        }
        return bytes;
    }

    private byte[] once(byte[] bytes) {
        if (bytes.length < 2) {
            return new byte[random.nextInt(20)];
        }
        int at = random.nextInt(bytes.length);
        int to = at + random.nextInt(Math.min(LONGEST_PIECE, bytes.length - at));
        byte[] one = {bytes[at]};
        return switch (random.nextInt(9)) {
            case 0 -> Arrays.copyOf(bytes, at);
            case 1 -> joined(bytes, at, new byte[random.nextInt(9)], at);
            case 2 -> joined(bytes, at, new byte[0], to);
            case 3 -> joined(bytes, at, token(), to);
            case 4 -> joined(bytes, at, token(), at);
            case 5 -> joined(bytes, to, Arrays.copyOfRange(bytes, at, to), to);
            case 6 -> {
                one[0] ^= (byte) (1 << random.nextInt(8));
                yield joined(bytes, at, one, at + 1);
            }
            case 7 -> {
                int from = random.nextInt(bytes.length - (to - at));
                yield joined(bytes, at, Arrays.copyOfRange(bytes, from, from + to - at), to);
            }
            default -> {
                one[0] = (byte) random.nextInt(256);
                yield joined(bytes, at, one, at + 1);
            }
        };
    }

    private byte[] token() {
        return tokens.get(random.nextInt(tokens.size()));
    }

    /// `bytes` up to `at`, then `middle`, then `bytes` from `from`.
    private static byte[] joined(byte[] bytes, int at, byte[] middle, int from) {
        byte[] joined = Arrays.copyOf(bytes, at + middle.length + bytes.length - from);
        System.arraycopy(middle, 0, joined, at, middle.length);
        System.arraycopy(bytes, from, joined, at + middle.length, bytes.length - from);
        return joined;
    }
}
