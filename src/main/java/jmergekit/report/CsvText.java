package jmergekit.report;

import java.util.List;

/// A table as CSV ([RFC 4180](https://www.rfc-editor.org/rfc/rfc4180)). Text that a spreadsheet
/// would treat as a formula is prefixed with an apostrophe
/// ([OWASP](https://owasp.org/www-community/attacks/CSV_Injection)); control characters other than
/// line breaks in text become U+FFFD.
final class CsvText {
    private static final String FORMULA = "=+-@\t\r\n|%＝＋－＠";

    private final StringBuilder text = new StringBuilder();
    private boolean begins = true;

    /// A row of headings.
    void row(List<String> names) {
        names.forEach(this::add);
        end();
    }

    /// A cell of text, made safe for spreadsheets.
    void add(String value) {
        boolean formula = !value.isEmpty() && FORMULA.indexOf(value.charAt(0)) >= 0;
        StringBuilder safe = new StringBuilder(formula ? "'" : "");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean kept = c == '\n' || c == '\r' || !Character.isISOControl(c);
            safe.append(kept ? c : '\uFFFD');
        }
        boolean quoted = safe.chars().anyMatch(c -> ",\"\r\n".indexOf(c) >= 0);
        write(quoted ? '"' + safe.toString().replace("\"", "\"\"") + '"' : safe.toString());
    }

    /// A number with all its digits; an empty cell if it is not finite.
    void add(double value) {
        write(Double.isFinite(value) ? Double.toString(value) : "");
    }

    void add(long value) {
        write(Long.toString(value));
    }

    void end() {
        text.append("\r\n");
        begins = true;
    }

    private void write(String cell) {
        text.append(begins ? "" : ",").append(cell);
        begins = false;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
