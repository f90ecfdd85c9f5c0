package jmergekit.config;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import jmergekit.problem.Problem;

/// Diagnoses values in `[...]` and `{...}`.
record YamlBrackets(YamlFault fault) {
    /// An opening bracket and its location.
    private record Open(char bracket, int line, int column) {
        char closing() {
            return bracket == '[' ? ']' : '}';
        }
    }

    Optional<Problem> problem() {
        char found = fault.character();
        boolean closes = found == ']' || found == '}';
        Optional<Open> open = innermost();
        if (open.isEmpty()) {
            return closes
                    ? Optional.of(
                            fault.here("'" + found + "' has no matching opening bracket")
                                    .hint("remove it"))
                    : Optional.empty();
        }
        Open bracket = open.get();
        if (closes && found != bracket.closing()) {
            return Optional.of(
                    fault.here("'%c' before a closing '%c'".formatted(found, bracket.closing()))
                            .hint(
                                    "first close the '%c' on %s"
                                            .formatted(bracket.bracket(), place(bracket))));
        }
        if (fault.said().contains("stream end") || fault.line() > bracket.line() && !item(found)) {
            return Optional.of(
                    Problem.recipe(
                                    fault.source().at(bracket.line(), bracket.column(), 1),
                                    "'" + bracket.bracket() + "' is not closed")
                            .hint("write '" + bracket.closing() + "' at its end"));
        }
        if (item(found)) {
            return Optional.of(
                    fault.here("a '- ' inside '" + bracket.bracket() + "'")
                            .hint("separate the values in brackets with ',' and remove '-'"));
        }
        if (found == ',' || closes) {
            return Optional.of(
                    fault.here("no value before '" + found + "'")
                            .hint("add the value, or remove the extra ','"));
        }
        return Optional.of(
                fault.here("missing ',' between two values in '" + bracket.bracket() + "'")
                        .hint("separate them with ','"));
    }

    private static boolean item(char found) {
        return found == '-';
    }

    private static String place(Open open) {
        return "line " + (open.line() + 1);
    }

    // The innermost open bracket where the library stopped. Quoted text, comments and brackets in
    // the middle of a word do not count.
    private Optional<Open> innermost() {
        Deque<Open> open = new ArrayDeque<>();
        char quote = 0;
        for (int line = 0; line <= fault.line(); line++) {
            String text = fault.text(line);
            int end =
                    line == fault.line() ? Math.min(fault.column(), text.length()) : text.length();
            for (int i = 0; i < end; i++) {
                char c = text.charAt(i);
                boolean starts = i == 0 || " \t[{,:-".indexOf(text.charAt(i - 1)) >= 0;
                if (quote == '"' && c == '\\') {
                    i++;
                } else if (quote != 0) {
                    quote = c == quote ? 0 : quote;
                } else if (c == '#' && starts) {
                    break;
                } else if ((c == '"' || c == '\'') && starts) {
                    quote = c;
                } else if ((c == '[' || c == '{') && (starts || !open.isEmpty())) {
                    open.push(new Open(c, line, i));
                } else if (!open.isEmpty() && c == open.peek().closing()) {
                    open.pop();
                }
            }
        }
        return Optional.ofNullable(open.peek());
    }
}
