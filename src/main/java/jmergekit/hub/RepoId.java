package jmergekit.hub;

import java.util.Optional;
import java.util.regex.Pattern;

/// The name of a model's repository on the hub: `organisation/name`, or just `name` for the oldest
/// ones. It is safe in a URL and, with [#folder], as a file name.
public record RepoId(String text) {
    private static final Pattern FORM =
            Pattern.compile("(?:\\b[A-Za-z0-9_.-]{1,96}\\b/)?\\b[A-Za-z0-9_.-]{1,96}\\b");

    /// Empty if the text is not a valid name of a repository.
    public static Optional<RepoId> of(String text) {
        boolean valid =
                FORM.matcher(text).matches()
                        && !text.contains("--")
                        && !text.contains("..")
                        && !text.endsWith(".git");
        return valid ? Optional.of(new RepoId(text)) : Optional.empty();
    }

    /// The repository's folder in the cache, such as `models--organisation--name`.
    String folder() {
        return "models--" + text.replace("/", "--");
    }

    @Override
    public String toString() {
        return text;
    }
}
