package jmergekit.tokenizer;

import java.util.Arrays;
import java.util.OptionalInt;

/// The letters with which byte-level vocabularies write bytes: printable characters of Latin-1
/// stand for themselves, and all other bytes for the characters from U+0100, in order.
///
/// Source: the byte-level alphabet of GPT-2's tokenizer.
final class ByteAlphabet {
    static final char SPACE = 'Ġ';

    private static final int FIRST_OTHER = 0x100;
    private static final int[] BYTES = new int[FIRST_OTHER + 0x100];

    static {
        Arrays.fill(BYTES, -1);
        int next = FIRST_OTHER;
        for (int b = 0; b < 0x100; b++) {
            boolean printable = b > ' ' && b < 0x7f || b > 0xa0 && b != 0xad;
            BYTES[printable ? b : next++] = b;
        }
    }

    private ByteAlphabet() {}

    /// The byte that a letter stands for; empty for characters outside the alphabet.
    static OptionalInt ofLetter(char letter) {
        int b = letter < BYTES.length ? BYTES[letter] : -1;
        return b < 0 ? OptionalInt.empty() : OptionalInt.of(b);
    }

    static boolean spells(String token) {
        return token.chars().allMatch(c -> ofLetter((char) c).isPresent());
    }

    static byte[] bytes(String token) {
        byte[] bytes = new byte[token.length()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) ofLetter(token.charAt(i)).orElseThrow();
        }
        return bytes;
    }
}
