package jmergekit.evaluate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jmergekit.config.EvaluatorConfig;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Suggestion;

/// A command for the system's shell with placeholders in braces, such as `{model}`.
///
/// Values are passed to the shell as variables, `JMERGEKIT_MODEL` and so on, which it does not
/// parse again: a folder's name is never executed, whatever it contains.
final class CommandTemplate {
    private static final Pattern PLACE = Pattern.compile("(?<!\\$)\\{([a-z_]+)\\}");
    private static final Pattern PLAIN = Pattern.compile("[\\w./:=@%+,-]+");
    private static final Pattern UNSAFE_ON_WINDOWS = Pattern.compile("[\"%!^\\r\\n]");

    static final boolean WINDOWS =
            System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("windows");

    private final String text;
    private final Set<String> places = new LinkedHashSet<>();

    /// A command that is ready to run.
    ///
    /// @param words program and arguments
    /// @param variables added to this program's environment
    record Command(List<String> words, Map<String, String> variables) {}

    /// @param known names of supported placeholders
    /// @throws MergeException if a placeholder looks like a misspelling of a known one, or there is
    ///     none for the model
    CommandTemplate(String text, Set<String> known, EvaluatorConfig config) {
        this.text = text;
        Matcher matcher = PLACE.matcher(text);
        while (matcher.find()) {
            String name = matcher.group(1);
            if (known.contains(name)) {
                places.add(name);
            } else if (Suggestion.closest(name, known).isPresent()) {
                throw new MergeException(
                        Problem.recipe(config.at(), "unknown placeholder '{" + name + "}'")
                                .hint(
                                        "placeholders are {"
                                                + String.join(
                                                        "}, {", known.stream().sorted().toList())
                                                + "}"));
            }
        }
        if (!places.contains("model")) {
            throw new MergeException(
                    Problem.recipe(config.at(), "the command has no placeholder for the model")
                            .expected("{model} in it"));
        }
    }

    boolean has(String place) {
        return places.contains(place);
    }

    /// The command with the values of all known placeholders.
    Command filled(Map<String, String> values) throws EvaluationException {
        Map<String, String> variables = new HashMap<>();
        values.forEach((name, value) -> variables.put(variable(name), value));
        List<String> words = new ArrayList<>();
        if (WINDOWS) {
            words.addAll(List.of("cmd.exe", "/d", "/c", onWindows(values)));
        } else {
            words.addAll(List.of("/bin/sh", "-c", onUnix()));
        }
        return new Command(words, variables);
    }

    private static String variable(String place) {
        return "JMERGEKIT_" + place.toUpperCase(Locale.ROOT);
    }

    private String onUnix() {
        StringBuilder out = new StringBuilder();
        Matcher matcher = PLACE.matcher(text);
        int done = 0;
        Quotes quotes = new Quotes();
        while (matcher.find()) {
            if (places.contains(matcher.group(1))) {
                String before = text.substring(done, matcher.start());
                quotes.read(before);
                out.append(before).append(quotes.around("${" + variable(matcher.group(1)) + "}"));
                done = matcher.end();
            }
        }
        return out.append(text.substring(done)).toString();
    }

    private String onWindows(Map<String, String> values) throws EvaluationException {
        String filled = text;
        for (String place : places) {
            String value = values.getOrDefault(place, "");
            if (UNSAFE_ON_WINDOWS.matcher(value).find()) {
                throw new EvaluationException(
                        "the value of {" + place + "} cannot be quoted for cmd.exe: " + value);
            }
            boolean plain = value.isEmpty() || PLAIN.matcher(value).matches();
            filled = filled.replace("{" + place + "}", plain ? value : '"' + value + '"');
        }
        return filled;
    }

    /// Quotes the text as one shell word.
    static String quoted(String word) {
        if (PLAIN.matcher(word).matches()) {
            return word;
        }
        return WINDOWS
                ? '"' + word.replace("\"", "\\\"") + '"'
                : "'" + word.replace("'", "'\\''") + "'";
    }

    /// Tracks whether a placeholder in a shell command is within quotes.
    private static final class Quotes {
        private char open = ' ';

        void read(String part) {
            for (int i = 0; i < part.length(); i++) {
                char c = part.charAt(i);
                if (c == '\\' && open != '\'') {
                    i++;
                } else if (open == ' ' && (c == '\'' || c == '"')) {
                    open = c;
                } else if (c == open) {
                    open = ' ';
                }
            }
        }

        /// The value of a variable as one word or a part of one, in any quoting context.
        String around(String variable) {
            return switch (open) {
                case '"' -> variable;
                case '\'' -> "'\"" + variable + "\"'";
                default -> '"' + variable + '"';
            };
        }
    }
}
