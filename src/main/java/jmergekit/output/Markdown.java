package jmergekit.output;

import java.util.regex.Pattern;
import jmergekit.problem.Printable;

/// Escapes external text for Markdown.
final class Markdown {
    /// A number and a full stop start a list, even inside a list item.
    private static final Pattern LIST_MARKER = Pattern.compile("\\d+\\.( .*)?");

    private Markdown() {}

    /// One line of text: unchanged if nothing in it is special in Markdown, otherwise as a code
    /// span.
    static String inline(String text) {
        String line = Printable.line(text);
        return isPlain(line) ? line : codeSpan(line);
    }

    private static boolean isPlain(String line) {
        if (line.isEmpty() || LIST_MARKER.matcher(line).matches()) {
            return false;
        }
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            boolean plain =
                    switch (c) {
                        case '.', '/' -> true;
                        case '@', '+', '-' -> i > 0;
                        // Between letters or digits it is not emphasis.
                        case '_' -> isWord(line, i - 1) && isWord(line, i + 1);
                        case ' ' -> i > 0 && line.charAt(i - 1) != ' ' && i + 1 < line.length();
                        default -> Character.isLetterOrDigit(c);
                    };
            if (!plain) {
                return false;
            }
        }
        return true;
    }

    private static boolean isWord(String line, int at) {
        return at >= 0
                && at < line.length()
                && (line.charAt(at) == '_' || Character.isLetterOrDigit(line.charAt(at)));
    }

    private static String codeSpan(String line) {
        String ticks = "`".repeat(longestTicks(line) + 1);
        boolean touching = line.isEmpty() || line.startsWith("`") || line.endsWith("`");
        return touching ? ticks + " " + line + " " + ticks : ticks + line + ticks;
    }

    /// The text verbatim in a fenced block that nothing in the text can close.
    static String block(String language, String text) {
        String fence = "`".repeat(Math.max(3, longestTicks(text) + 1));
        String end = text.isEmpty() || text.endsWith("\n") ? "" : "\n";
        return fence + language + "\n" + text + end + fence + "\n";
    }

    private static int longestTicks(String text) {
        int longest = 0;
        int run = 0;
        for (int i = 0; i < text.length(); i++) {
            run = text.charAt(i) == '`' ? run + 1 : 0;
            longest = Math.max(longest, run);
        }
        return longest;
    }
}
