package jmergekit.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// A recipe's text with placeholders for marks and parts that only the search uses.
final class MarkedText {
    /// A part of the text to replace.
    ///
    /// @param start in chars
    /// @param mark the mark whose value replaces it; -1 to remove it
    private record Edit(int start, int end, int mark, String anchor) {}

    private final String text;
    private final List<Edit> edits;

    private MarkedText(String text, List<Edit> edits) {
        this.text = text;
        this.edits = List.copyOf(edits);
    }

    /// @param text without a byte order mark
    /// @param marks in the order in which their values are given
    /// @param removed entries that do not belong to the recipe
    static MarkedText of(String text, List<TextSpan> marks, List<TextSpan> removed) {
        List<Edit> all = new ArrayList<>();
        int[] chars = chars(text);
        for (int i = 0; i < marks.size(); i++) {
            TextSpan span = marks.get(i);
            all.add(new Edit(chars[span.start()], chars[span.end()], i, span.anchor()));
        }
        for (TextSpan span : removed) {
            all.add(new RemovedEntry(text, chars[span.start()], chars[span.end()]).edit());
        }
        all.sort(Comparator.comparingInt(Edit::start));
        List<Edit> edits = new ArrayList<>();
        int last = 0;
        for (Edit edit : all) {
            // An alias may refer to a removed part.
            if (edit.start() >= last) {
                edits.add(edit);
                last = edit.end();
            }
        }
        return new MarkedText(text, edits);
    }

    /// The index in chars of each code point, and of the end.
    private static int[] chars(String text) {
        int[] chars = new int[text.codePointCount(0, text.length()) + 1];
        for (int i = 0, at = 0; i < chars.length; i++) {
            chars[i] = at;
            at += at < text.length() ? Character.charCount(text.codePointAt(at)) : 0;
        }
        return chars;
    }

    /// What is removed with an entry: whole lines that contain nothing else, and comments directly
    /// above.
    private record RemovedEntry(String text, int start, int end) {
        Edit edit() {
            int after = skipBlanks(end);
            if (after < text.length() && text.charAt(after) == ',') {
                after = skipBlanks(after + 1);
            }
            int lineStart = text.lastIndexOf('\n', start - 1) + 1;
            boolean wholeLines = text.substring(lineStart, start).matches("[ \\t?]*");
            // A block scalar ends with its last line.
            int lineEnd = text.charAt(end - 1) == '\n' ? end : lineEnd(after);
            if (!wholeLines || lineEnd < 0) {
                return new Edit(start, after, -1, "");
            }
            return new Edit(withComments(lineStart), lineEnd, -1, "");
        }

        private int skipBlanks(int from) {
            int at = from;
            while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
                at++;
            }
            return at;
        }

        /// The start of the next line if only a comment is left on this one, else -1.
        private int lineEnd(int from) {
            int newline = text.indexOf('\n', from);
            int next = newline < 0 ? text.length() : newline + 1;
            String rest = text.substring(from, next).strip();
            return rest.isEmpty() || rest.startsWith("#") ? next : -1;
        }

        // Comments at the top of a file apply to the whole file.
        private int withComments(int lineStart) {
            int first = lineStart;
            while (first > 0) {
                int previous = text.lastIndexOf('\n', first - 2) + 1;
                if (!text.substring(previous, first).strip().startsWith("#")) {
                    return first;
                }
                first = previous;
            }
            return lineStart;
        }
    }

    /// The recipe with unchanged line numbers.
    ///
    /// @param values the replacement for each mark
    String inItsLines(List<String> values) {
        StringBuilder filled = new StringBuilder();
        int last = 0;
        for (Edit edit : edits) {
            filled.append(text, last, edit.start());
            filled.append(value(edit, values)).append("\n".repeat(lineBreaks(edit)));
            last = edit.end();
        }
        return filled.append(text, last, text.length()).toString();
    }

    private static String value(Edit edit, List<String> values) {
        return edit.mark() < 0 ? "" : edit.anchor() + values.get(edit.mark());
    }

    private int lineBreaks(Edit edit) {
        return (int)
                text.substring(edit.start(), edit.end()).chars().filter(c -> c == '\n').count();
    }

    /// The recipe without traces of the search.
    String clean(List<String> values) {
        StringBuilder filled = new StringBuilder();
        int last = 0;
        for (Edit edit : edits) {
            filled.append(text, last, edit.start());
            if (edit.mark() >= 0) {
                joinToKey(filled);
            }
            filled.append(value(edit, values));
            last = edit.end();
        }
        return filled.append(text, last, text.length()).toString().stripTrailing() + "\n";
    }

    // A value that was on separate lines moves up to its key.
    private static void joinToKey(StringBuilder filled) {
        int end = filled.length();
        boolean newline = false;
        while (end > 0 && Character.isWhitespace(filled.charAt(end - 1))) {
            end--;
            newline |= filled.charAt(end) == '\n';
        }
        if (newline && end > 0 && filled.charAt(end - 1) == ':') {
            filled.setLength(end);
            filled.append(' ');
        }
    }

    /// The origin of a character of [#inItsLines], in chars of the text.
    ///
    /// @return the start of the mark if the character is part of its value
    int origin(List<String> values, int offset) {
        int shift = 0;
        for (Edit edit : edits) {
            int filled = edit.start() + shift;
            if (offset < filled) {
                break;
            }
            int length = value(edit, values).length() + lineBreaks(edit);
            if (offset < filled + length) {
                return edit.start();
            }
            shift += length - (edit.end() - edit.start());
        }
        return Math.min(offset - shift, text.length());
    }

    /// The text of an entry in a filled recipe.
    static Optional<String> entry(YamlNode.Mapping root, String key, String filled) {
        return root.entry(key)
                .map(YamlNode.Entry::span)
                .map(s ->
                        filled.substring(
                                        filled.offsetByCodePoints(0, s.start()),
                                        filled.offsetByCodePoints(0, s.end()))
                                .stripTrailing())
                .map(t -> t + "\n");
    }
}
