package jmergekit.tokenizer;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The meaning of a token, independent of its vocabulary's spelling.
///
/// @param text the text, with a space where a word begins; for bytes, a character below U+0100 for
///     each
public record TokenText(Kind kind, String text) {
    /// Types of tokens; tokens of different types are never equal.
    public enum Kind {
        /// A piece of text.
        TEXT,
        /// A token that was added to the vocabulary and is matched as a whole.
        ADDED,
        /// Bytes that are not text on their own, or that stand for a single byte of any text.
        BYTES
    }

    static TokenText ofText(String text) {
        return new TokenText(Kind.TEXT, text);
    }

    static TokenText ofBytes(byte[] bytes) {
        return new TokenText(Kind.BYTES, new String(bytes, StandardCharsets.ISO_8859_1));
    }

    /// Text if the bytes are UTF-8.
    static TokenText decoded(byte[] bytes) {
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return ofText(text);
        } catch (CharacterCodingException _) {
            return ofBytes(bytes);
        }
    }

    public byte[] bytes() {
        return text.getBytes(
                kind == Kind.BYTES ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
    }

    /// Whether it is one of the control characters below U+0020, as text or as a byte.
    boolean isControl() {
        return kind != Kind.ADDED && text.length() == 1 && text.charAt(0) < ' ';
    }

    /// The same bytes as the other type of token, which some vocabularies have instead, or in
    /// addition.
    Optional<TokenText> inOtherBytes() {
        return switch (kind) {
            case TEXT -> Optional.of(ofBytes(bytes()));
            case BYTES -> Optional.of(decoded(bytes())).filter(t -> t.kind == Kind.TEXT);
            case ADDED -> Optional.empty();
        };
    }
}
