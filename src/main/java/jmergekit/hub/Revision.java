package jmergekit.hub;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/// A branch, a tag or a commit of a repository. It is safe as a relative path: the rules of `git
/// check-ref-format` hold, and none of its characters is special on any system.
record Revision(String text) {
    static final Revision MAIN = new Revision("main");

    private static final int LONGEST = 200;
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final Pattern PART = Pattern.compile("[^\\p{Cntrl} ~^:?*\\[\\\\/<>|\"]+");

    /// Empty if the text is not a valid name of a revision.
    static Optional<Revision> of(String text) {
        if (text.length() > LONGEST || text.contains("..") || text.contains("@{")) {
            return Optional.empty();
        }
        for (String part : text.split("/", -1)) {
            if (!PART.matcher(part).matches()
                    || part.startsWith(".")
                    || part.endsWith(".")
                    || part.endsWith(".lock")) {
                return Optional.empty();
            }
        }
        return Optional.of(new Revision(text));
    }

    static boolean isCommit(String text) {
        return COMMIT.matcher(text).matches();
    }

    boolean isCommit() {
        return isCommit(text);
    }

    /// Encoded as one segment of a URL's path.
    String encoded() {
        return encode(text);
    }

    static String encode(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public String toString() {
        return text;
    }
}
