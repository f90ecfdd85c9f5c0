package jmergekit.problem;

/// Makes text that came from somebody's file safe to print: control characters (which could move a
/// terminal's cursor or hide text) become `?`, and very long text is cut.
public final class Printable {
    private static final int LONGEST = 500;

    private Printable() {}

    /// `text` without control characters, of any length.
    public static String line(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            safe.append(Character.isISOControl(c) ? '?' : c);
        }
        return safe.toString();
    }

    /// `text` without control characters, at most 500 characters long.
    public static String of(String text) {
        return line(text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text);
    }
}
