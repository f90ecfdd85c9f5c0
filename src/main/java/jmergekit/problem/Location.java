package jmergekit.problem;

/// A place in a text file. Lines and columns count from 1; `text` is the whole line, for the caret
/// display under the message, or empty if it is not available.
public record Location(String source, int line, int column, int length, String text) {
    /// `recipe.yml:14:7`
    @Override
    public String toString() {
        return source + ":" + line + ":" + column;
    }

    /// The line with carets below the location, indented for printing under a message; empty
    /// without text.
    String excerpt() {
        if (text.isEmpty()) {
            return "";
        }
        String number = Integer.toString(line);
        int carets = Math.max(1, Math.min(length, text.length() - column + 1));
        return "    %s | %s%n    %s | %s%s"
                .formatted(
                        number,
                        Printable.of(text),
                        " ".repeat(number.length()),
                        " ".repeat(column - 1),
                        "^".repeat(carets));
    }
}
