package jmergekit.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.weights.FolderFile;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Reads and writes JSON as the tools around these models do: Python's `NaN` and `Infinity` are
/// allowed, numbers keep their digits, and two spaces indent.
public final class ConfigJson {
    /// Larger than any real config.json or tokenizer_config.json.
    private static final long MAX_BYTES = 64L << 20;

    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                    .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    /// Two spaces indent, and one follows a colon.
    public static final DefaultPrettyPrinter PRETTY =
            new DefaultPrettyPrinter(
                            Separators.createDefaultInstance()
                                    .withObjectNameValueSpacing(Separators.Spacing.AFTER))
                    .withObjectIndenter(new DefaultIndenter("  ", "\n"))
                    .withArrayIndenter(new DefaultIndenter("  ", "\n"));

    private ConfigJson() {}

    /// The object in a file.
    ///
    /// @param where how messages call the file
    /// @throws MergeException if there is no such file, it is a link out of its folder, or it is not
    ///     one JSON object
    public static ObjectNode readObject(Path file, String where) {
        FolderFile.check(file.toAbsolutePath().getParent(), file, where);
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new MergeException(
                        Problem.input(where, "too large for a configuration file")
                                .found(Files.size(file) + " bytes"));
            }
            JsonNode node = MAPPER.readTree(Files.readAllBytes(file));
            if (node instanceof ObjectNode object) {
                return object;
            }
            throw new MergeException(
                    Problem.input(where, "not a JSON object")
                            .found(
                                    node.getNodeType()
                                            .toString()
                                            .toLowerCase(java.util.Locale.ROOT)));
        } catch (NoSuchFileException e) {
            throw new MergeException(Problem.input(where, "no such file"), e);
        } catch (JacksonException e) {
            throw new MergeException(
                    Problem.input(where, "not valid JSON: " + e.getOriginalMessage()), e);
        } catch (IOException e) {
            throw new MergeException(Problem.input(where, "cannot be read: " + e.getMessage()), e);
        }
    }

    /// The text of an object, ending in a line break.
    public static String write(JsonNode node) {
        return MAPPER.writer().with(PRETTY).writeValueAsString(node) + "\n";
    }
}
