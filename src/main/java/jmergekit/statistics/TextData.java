package jmergekit.statistics;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import jmergekit.evaluate.Lines;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.ShortList;
import jmergekit.weights.IoReason;
import jmergekit.weights.JsonTree;
import jmergekit.weights.StrictJson;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// The texts of a file in UTF-8: of a name that ends with `.txt`, each line; of others, each line's
/// JSON object, `{"text": …}` or `{"context": …, "continuation": …}`. Other keys and blank lines are
/// ignored.
///
/// @param texts the first ones of the file
/// @param sha256 of the whole file, in hexadecimal
public record TextData(List<StatisticsText> texts, String sha256) {
    private static final int MOST_LINE_BYTES = 1 << 20;

    /// A file of another format is wrong in every line.
    private static final int MOST_PROBLEMS = 10;

    private static final String CONTEXT = "context";
    private static final String CONTINUATION = "continuation";
    private static final int SHOWN_KEYS = 5;
    private static final int BUFFER = 1 << 16;

    /// Reads the first texts.
    ///
    /// @param given the file's name in messages
    /// @param key of a text
    /// @param most number of texts
    /// @param characters of a text; the rest of a longer text is ignored
    /// @throws MergeException with the errors of the first lines that are wrong
    public static TextData read(Path file, String given, String key, int most, long characters) {
        // Reading a pipe or a device might never end.
        if (!Files.isRegularFile(file)) {
            throw new MergeException(
                    Problem.input(
                            given, Files.exists(file) ? "not a regular file" : "no such file"));
        }
        boolean plain = file.toString().toLowerCase(Locale.ROOT).endsWith(".txt");
        try {
            List<StatisticsText> texts =
                    new Reading(given, key, plain, characters).read(file, most);
            return new TextData(texts, hash(file));
        } catch (IOException e) {
            throw new MergeException(Problem.input(given, "cannot be read: " + IoReason.of(e)), e);
        }
    }

    private static String hash(Path file) throws IOException {
        try (DigestInputStream in =
                new DigestInputStream(
                        Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
            byte[] buffer = new byte[BUFFER];
            while (in.read(buffer) >= 0) {
                // The stream updates the hash.
            }
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static final class Reading {
        private final String given;
        private final String key;
        private final boolean plain;
        private final long characters;
        private final Problems problems = new Problems();
        private int line;

        Reading(String given, String key, boolean plain, long characters) {
            this.given = given;
            this.key = key;
            this.plain = plain;
            this.characters = characters;
        }

        List<StatisticsText> read(Path file, int most) throws IOException {
            List<StatisticsText> texts = new ArrayList<>();
            try (Lines lines = new Lines(file, MOST_LINE_BYTES)) {
                while (texts.size() < most && problems.all().size() < MOST_PROBLEMS) {
                    line++;
                    Optional<byte[]> next = lines.next();
                    if (next.isEmpty()) {
                        break;
                    }
                    add(next.get(), texts);
                }
            } catch (Lines.TooLongException e) {
                problems.add(
                        problem("the line is too long")
                                .expected("at most " + MOST_LINE_BYTES + " bytes"));
            }
            if (texts.isEmpty() && !problems.hasErrors()) {
                problems.add(Problem.input(given, "has no texts"));
            }
            problems.throwIfErrors();
            return List.copyOf(texts);
        }

        private Problem problem(String what) {
            return Problem.input(given + ":" + line, what);
        }

        private void add(byte[] bytes, List<StatisticsText> texts) {
            try {
                String decoded =
                        StandardCharsets.UTF_8
                                .newDecoder()
                                .decode(ByteBuffer.wrap(bytes))
                                .toString();
                if (!decoded.isBlank()) {
                    StatisticsText text =
                            plain
                                    ? new StatisticsText(withoutReturn(decoded), Optional.empty())
                                    : text(JsonTree.read(bytes));
                    if (!text.whole().isBlank()) {
                        texts.add(text.cut(characters));
                    }
                }
            } catch (CharacterCodingException e) {
                problems.add(problem("is not UTF-8"));
            } catch (JacksonException e) {
                problems.add(
                        problem(StrictJson.reason(e))
                                .hint(
                                        "a file of plain texts, one in each line, needs a name that"
                                                + " ends with .txt"));
            } catch (MergeException e) {
                problems.add(e);
            }
        }

        private static String withoutReturn(String text) {
            return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
        }

        private StatisticsText text(JsonNode node) {
            if (node.isObject() && node.has(key)) {
                return new StatisticsText(string(node, key), Optional.empty());
            }
            if (node.isObject() && node.has(CONTEXT) && node.has(CONTINUATION)) {
                return new StatisticsText(
                        string(node, CONTEXT), Optional.of(string(node, CONTINUATION)));
            }
            throw new MergeException(
                    problem("no text")
                            .expected(
                                    "an object with the key '%s', or '%s' and '%s'"
                                            .formatted(key, CONTEXT, CONTINUATION))
                            .found(shown(node))
                            .hint("--text-key names the key of the texts"));
        }

        private String string(JsonNode node, String name) {
            JsonNode value = node.path(name);
            if (!value.isString()) {
                throw new MergeException(
                        problem("'%s' is wrong".formatted(name))
                                .expected("a text")
                                .found(shown(value)));
            }
            return value.stringValue();
        }

        // Shows keys, not the texts themselves: messages may end up in public logs.
        private static String shown(JsonNode node) {
            if (node.isObject()) {
                List<String> keys = node.propertyNames().stream().sorted().toList();
                return keys.isEmpty()
                        ? "an empty object"
                        : "the keys " + ShortList.quoted(keys, SHOWN_KEYS);
            }
            return "JSON of the type " + node.getNodeType().name().toLowerCase(Locale.ROOT);
        }
    }
}
