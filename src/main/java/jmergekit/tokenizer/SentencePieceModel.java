package jmergekit.tokenizer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;

/// The pieces in a SentencePiece `tokenizer.model`: a piece's id is its position.
///
/// Source: `sentencepiece_model.proto` of the SentencePiece project (a message with the pieces as
/// its repeated field 1, each with the text in field 1 and the type in field 3) and the protocol
/// buffers wire format.
///
/// @param ids the ids of all pieces
/// @param added control pieces and user-defined pieces, which are matched as a whole
record SentencePieceModel(Map<String, Integer> ids, List<AddedToken> added) {
    /// Ten times the size of the largest known.
    private static final long MAX_BYTES = 64L << 20;

    private static final int PIECES = 1;
    private static final int TEXT = 1;
    private static final int TYPE = 3;

    private static final int UNKNOWN = 2;
    private static final int CONTROL = 3;
    private static final int USER_DEFINED = 4;

    static SentencePieceModel read(Path file, String where) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new MergeException(
                        Problem.input(where, "too large for a SentencePiece model"));
            }
            return parse(Files.readAllBytes(file));
        } catch (IllegalArgumentException e) {
            throw new MergeException(
                    Problem.input(where, "not a SentencePiece model: " + e.getMessage())
                            .hint(ModelTokenizer.SAVE_FAST),
                    e);
        } catch (IOException e) {
            throw new MergeException(Problem.input(where, "cannot be read: " + e.getMessage()), e);
        }
    }

    private static SentencePieceModel parse(byte[] bytes) {
        Map<String, Integer> ids = new HashMap<>();
        List<AddedToken> added = new ArrayList<>();
        Message model = new Message(ByteBuffer.wrap(bytes));
        int id = 0;
        while (model.next()) {
            if (model.field == PIECES && model.isBytes()) {
                piece(new Message(model.bytes()), id++, ids, added);
            }
        }
        if (ids.isEmpty()) {
            throw new IllegalArgumentException("it has no pieces");
        }
        return new SentencePieceModel(ids, List.copyOf(added));
    }

    private static void piece(
            Message message, int id, Map<String, Integer> ids, List<AddedToken> added) {
        String text = "";
        long type = 0;
        while (message.next()) {
            if (message.field == TEXT && message.isBytes()) {
                text = text(message.bytes());
            } else if (message.field == TYPE && message.isNumber()) {
                type = message.number;
            }
        }
        if (text.isEmpty() || id > Vocabulary.MAX_ID) {
            throw new IllegalArgumentException("piece " + id + " has no text");
        }
        if (ids.putIfAbsent(text, id) != null) {
            throw new IllegalArgumentException("piece '" + text + "' appears twice");
        }
        if (type == UNKNOWN || type == CONTROL || type == USER_DEFINED) {
            added.add(AddedToken.verbatim(text, id, type != USER_DEFINED));
        }
    }

    private static String text(ByteBuffer bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a piece is not valid UTF-8", e);
        }
    }

    /// Iterates over the fields of one message.
    private static final class Message {
        private static final int VARINT = 0;
        private static final int FIXED64 = 1;
        private static final int BYTES = 2;
        private static final int FIXED32 = 5;

        private final ByteBuffer in;
        private int field;
        private int wireType;
        private long number;
        private int start;
        private int length;

        Message(ByteBuffer in) {
            this.in = in;
        }

        boolean isBytes() {
            return wireType == BYTES;
        }

        boolean isNumber() {
            return wireType == VARINT;
        }

        ByteBuffer bytes() {
            return in.slice(start, length);
        }

        boolean next() {
            if (!in.hasRemaining()) {
                return false;
            }
            long tag = varint();
            field = (int) (tag >>> 3);
            wireType = (int) (tag & 7);
            switch (wireType) {
                case VARINT -> number = varint();
                case FIXED64 -> skip(Long.BYTES);
                case BYTES -> skip(varint());
                case FIXED32 -> skip(Integer.BYTES);
                default -> throw new IllegalArgumentException("field of type " + wireType);
            }
            return true;
        }

        private void skip(long count) {
            if (count < 0 || count > in.remaining()) {
                throw new IllegalArgumentException("it ends inside a field");
            }
            start = in.position();
            length = (int) count;
            in.position(start + length);
        }

        private long varint() {
            long value = 0;
            for (int shift = 0; shift < Long.SIZE; shift += 7) {
                if (!in.hasRemaining()) {
                    throw new IllegalArgumentException("it ends inside a number");
                }
                byte b = in.get();
                value |= (long) (b & 0x7f) << shift;
                if (b >= 0) {
                    return value;
                }
            }
            throw new IllegalArgumentException("a number is longer than 64 bits");
        }
    }
}
