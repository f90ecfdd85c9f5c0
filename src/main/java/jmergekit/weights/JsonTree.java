package jmergekit.weights;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/// Small JSON files and responses as trees: Python's `NaN` and `Infinity` are allowed, and numbers
/// keep their digits. Every number fits in a double, and every text is valid Unicode.
public final class JsonTree {
    /// Configurations nest a few levels deep.
    private static final int DEEPEST = 100;

    /// The number of values that fits into memory, with many files open at the same time.
    private static final int MOST_VALUES = 500_000;

    // For files that are only checked.
    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                    .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                    .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
                    .build();

    /// Reads and writes JSON by the rules above.
    public static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(DEEPEST)
                                                    .build())
                                    .build())
                    .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                    .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    private JsonTree() {}

    /// Parses a text in UTF-8.
    ///
    /// @throws JacksonException if it is invalid or unusable; [StrictJson#reason] gives the reason
    public static JsonNode read(byte[] text) {
        try (JsonParser parser =
                new UsableJson(
                        MAPPER.createParser(StrictJson.reader(new ByteArrayInputStream(text))),
                        MOST_VALUES)) {
            JsonNode node = MAPPER.readTree(parser);
            if (node == null) {
                throw new StreamReadException(parser, "it is empty");
            }
            return node;
        }
    }

    /// Checks a file of any length, without keeping its values.
    ///
    /// @param where the name of the file in messages
    /// @throws MergeException if it is not JSON in UTF-8
    public static void check(Path file, String where) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file));
                JsonParser parser =
                        StrictJson.usable(
                                FACTORY.createParser(
                                        ObjectReadContext.empty(), StrictJson.reader(in)))) {
            if (parser.nextToken() == null) {
                throw new MergeException(Problem.input(where, "is empty"));
            }
            parser.skipChildren();
            if (parser.nextToken() != null) {
                throw new MergeException(Problem.input(where, "has content after its JSON value"));
            }
        } catch (JacksonException e) {
            throw new MergeException(Problem.input(where, "is " + StrictJson.reason(e)), e);
        } catch (IOException e) {
            throw new MergeException(Problem.input(where, "cannot be read: " + IoReason.of(e)), e);
        }
    }

    /// Parses a file.
    ///
    /// @param mostBytes the limit for the size of the file
    /// @param where the name of the file in messages
    /// @throws MergeException if the file does not exist, or is invalid
    public static JsonNode read(Path file, long mostBytes, String where) {
        try {
            return read(bytes(file, mostBytes, where));
        } catch (JacksonException e) {
            throw new MergeException(Problem.input(where, StrictJson.reason(e)), e);
        }
    }

    private static byte[] bytes(Path file, long most, String where) {
        // Reading a pipe or a device could go on forever.
        if (!Files.isRegularFile(file)) {
            throw new MergeException(
                    Problem.input(
                            where, Files.exists(file) ? "not a regular file" : "no such file"));
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(Math.toIntExact(Math.min(Files.size(file), most) + 1));
            if (bytes.length > most) {
                throw new MergeException(
                        Problem.input(where, "too large")
                                .expected("at most " + most + " bytes")
                                .found(Files.size(file) + " bytes"));
            }
            return bytes;
        } catch (IOException e) {
            throw new MergeException(Problem.input(where, "cannot be read: " + IoReason.of(e)), e);
        }
    }
}
