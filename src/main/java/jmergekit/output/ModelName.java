package jmergekit.output;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import jmergekit.model.ModelReference;

/// The name of a model in a card.
public final class ModelName {
    private static final Pattern HUB_ID =
            Pattern.compile("(?!\\.)[\\w.-]{1,96}(/(?!\\.)[\\w.-]{1,96})?");

    /// `/models/x`, `~/models/x`, `C:\models\x` and `\\host\models\x`.
    private static final Pattern ABSOLUTE =
            Pattern.compile("(?:[/~\\\\]|[A-Za-z]:[/\\\\]).*", Pattern.DOTALL);

    private ModelName() {}

    /// The name of the model's page on the hub; empty for a model that was a folder on disk.
    ///
    /// @param folder the folder of the model's files
    static Optional<String> hubId(ModelReference reference, Path folder) {
        String path = reference.path();
        // The path of a local model ends with the reference if that is relative; a model from the
        // hub is in a cache, in a folder with the name of its revision.
        return HUB_ID.matcher(path).matches() && !folder.endsWith(Path.of(path))
                ? Optional.of(path)
                : Optional.empty();
    }

    /// Whether a text that is not a reference looks like `organisation/name`.
    static boolean mayBeHubId(String text) {
        return text.indexOf('/') > 0 && HUB_ID.matcher(text).matches();
    }

    /// The reference as written, except that an absolute path is shortened to its last folder: the
    /// rest describes a user's disk, not the model.
    public static String text(ModelReference reference) {
        return shortened(reference.path())
                + reference.revision().map(r -> "@" + r).orElse("")
                + reference
                        .adapter()
                        .map(a ->
                                "+"
                                        + shortened(a.path())
                                        + a.revision().map(r -> "@" + r).orElse(""))
                        .orElse("");
    }

    /// A path; an absolute one is shortened to its last part.
    static String shortened(String path) {
        if (!ABSOLUTE.matcher(path).matches()) {
            return path;
        }
        String[] parts = path.split("[/\\\\]+");
        for (int i = parts.length - 1; i >= 0; i--) {
            if (!parts[i].isEmpty() && !parts[i].equals(".") && !parts[i].equals("..")) {
                return parts[i];
            }
        }
        return "model";
    }
}
