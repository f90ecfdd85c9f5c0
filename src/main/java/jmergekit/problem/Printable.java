package jmergekit.problem;

/// Makes text from untrusted files safe to print: control characters (which could move a terminal's
/// cursor or hide text) and characters that change the direction of surrounding text become `?`,
/// and very long text is cut.
public final class Printable {
    private static final int LONGEST = 500;

    private Printable() {}

    /// `text` without control characters, of any length.
    public static String line(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            safe.append(Character.isISOControl(c) || turns(c) ? '?' : c);
        }
        return safe.toString();
    }

    /// Unicode line separators and directional overrides, embeddings and isolates, which
    /// single-line text does not need.
    private static boolean turns(char c) {
        return c >= 0x2028 && c <= 0x202E || c >= 0x2066 && c <= 0x2069;
    }

    /// `text` without control characters, with the middle omitted if it is too long.
    public static String within(String text, int most) {
        return line(shorten(text, most));
    }

    /// `text` unchanged, with the middle omitted if it is too long.
    ///
    /// @param most the maximum number of characters, including one for the gap
    public static String shorten(String text, int most) {
        int length = text.codePointCount(0, text.length());
        if (length <= most) {
            return text;
        }
        int head = (most - 1) / 2;
        int tail = most - 1 - head;
        return text.substring(0, text.offsetByCodePoints(0, head))
                + "…"
                + text.substring(text.offsetByCodePoints(text.length(), -tail));
    }

    /// `text` without control characters, at most 500 characters long.
    public static String of(String text) {
        return line(text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text);
    }
}
