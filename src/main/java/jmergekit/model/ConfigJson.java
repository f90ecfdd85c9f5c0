package jmergekit.model;

import java.nio.file.Path;
import java.util.Locale;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.weights.FolderFile;
import jmergekit.weights.JsonTree;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads and writes JSON like the tools for these models: Python's `NaN` and `Infinity` are
/// allowed, numbers keep their digits, and the indentation is two spaces.
public final class ConfigJson {
    /// Larger than any real config.json or tokenizer_config.json.
    private static final long MAX_BYTES = 32L << 20;

    /// Two spaces of indentation, and one space after a colon.
    public static final DefaultPrettyPrinter PRETTY =
            new DefaultPrettyPrinter(
                            Separators.createDefaultInstance()
                                    .withObjectNameValueSpacing(Separators.Spacing.AFTER))
                    .withObjectIndenter(new DefaultIndenter("  ", "\n"))
                    .withArrayIndenter(new DefaultIndenter("  ", "\n"));

    private ConfigJson() {}

    /// The object in a file.
    ///
    /// @param where the name of the file in messages
    /// @throws MergeException if the file does not exist, is a link that leads out of its folder,
    ///     or is not one JSON object
    public static ObjectNode readObject(Path file, String where) {
        FolderFile.check(file.toAbsolutePath().getParent(), file, where);
        JsonNode node = JsonTree.read(file, MAX_BYTES, where);
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw new MergeException(
                Problem.input(where, "not a JSON object")
                        .found(node.getNodeType().toString().toLowerCase(Locale.ROOT)));
    }

    /// The text of an object, ending in a line break.
    public static String write(JsonNode node) {
        return JsonTree.MAPPER.writer().with(PRETTY).writeValueAsString(node) + "\n";
    }
}
