package jmergekit.config;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import jmergekit.problem.Problem;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/// Explains invalid YAML to recipe authors. The library reports which token it expected and where;
/// the lines there show what the author did.
///
/// @param said the message of the library
/// @param context what the library was reading
/// @param line the index of the line where it stopped; `column` is the index of the character
/// @param contextLine the index of the line where the context starts
record YamlFault(
        SourceText source,
        String said,
        String context,
        int line,
        int column,
        int contextLine,
        int contextColumn) {

    static Problem problem(SourceText source, MarkedYamlEngineException e) {
        Optional<Mark> at = e.getProblemMark();
        int line = at.map(Mark::getLine).orElse(0);
        int column = at.map(Mark::getColumn).orElse(0);
        YamlFault fault =
                new YamlFault(
                        source,
                        e.getProblem(),
                        e.getContext() == null ? "" : e.getContext(),
                        line,
                        column,
                        e.getContextMark().map(Mark::getLine).orElse(line),
                        e.getContextMark().map(Mark::getColumn).orElse(column));
        return Stream.<Function<YamlFault, Optional<Problem>>>of(
                        YamlFault::strangeLine,
                        YamlFault::tab,
                        YamlFault::firstCharacter,
                        YamlFault::quotes,
                        YamlFault::missingColon,
                        YamlFault::key,
                        YamlFault::markup,
                        f -> new YamlBrackets(f).problem(),
                        YamlFault::list,
                        f -> new YamlIndentation(f).problem(),
                        YamlFault::blockText)
                .flatMap(rule -> rule.apply(fault).stream())
                .findFirst()
                .orElseGet(fault::unknown);
    }

    /// The line with this index without its line break; empty past the end.
    String text(int index) {
        List<String> lines = source.lines();
        return index >= 0 && index < lines.size() ? lines.get(index) : "";
    }

    private String before() {
        return text(line).substring(0, Math.min(column, text(line).length()));
    }

    /// The character that the library stopped at, or 0 at the end of the line.
    char character() {
        String text = text(line);
        return column < text.length() ? text.charAt(column) : 0;
    }

    Problem here(String what) {
        return Problem.recipe(source.at(line, column, 1), what);
    }

    /// A problem with a whole line.
    Problem inLine(int index, String what) {
        String text = text(index);
        int start = YamlIndentation.indent(text);
        int length = Math.max(1, text.stripTrailing().length() - start);
        return Problem.recipe(source.at(index, start, length), what);
    }

    private Optional<Problem> strangeLine() {
        for (int i = 0; i <= line; i++) {
            String text = text(i);
            if (text.startsWith("```")) {
                return Optional.of(
                        inLine(i, "a Markdown fence is not part of a recipe")
                                .hint("remove the lines that begin with ```"));
            }
            if (text.startsWith("<<<<<<<") || text.startsWith("=======")) {
                return Optional.of(
                        inLine(i, "a git conflict marker")
                                .hint("keep one side and remove the other side and the markers"));
            }
        }
        return Optional.empty();
    }

    private Optional<Problem> tab() {
        if (!said.contains("TAB")) {
            return Optional.empty();
        }
        int tab = text(line).lastIndexOf('\t', column);
        return Optional.of(
                Problem.recipe(source.at(line, Math.max(0, tab), 1), "a tab in the indentation")
                        .hint("indent with spaces: YAML does not allow tabs there"));
    }

    private Optional<Problem> firstCharacter() {
        if (said.contains("cannot start any token")) {
            return Optional.of(
                    here("a value cannot start with '" + character() + "'").hint("quote it"));
        }
        if (context.contains("anchor") || context.contains("alias")) {
            boolean alias = context.contains("alias");
            String mark = alias ? "*" : "&";
            return Optional.of(
                    Problem.recipe(
                                    source.at(contextLine, contextColumn, 1),
                                    "a value cannot start with '%s', which introduces an %s"
                                            .formatted(mark, alias ? "alias" : "anchor"))
                            .hint("quote it"));
        }
        return Optional.empty();
    }

    private Optional<Problem> quotes() {
        if (said.contains("escape")) {
            return Optional.of(
                    here("'\\' starts an unknown escape sequence in double quotes")
                            .hint("use single quotes, where '\\' has no special meaning"));
        }
        if (context.contains("quoted")) {
            String quote = text(contextLine).startsWith("'", contextColumn) ? "'" : "\"";
            return Optional.of(
                    Problem.recipe(
                                    source.at(contextLine, contextColumn, 1),
                                    "the quoted text that starts here has no closing quote")
                            .hint("write " + quote + " after its last character"));
        }
        String before = before().strip();
        if (said.contains("'<scalar>'") && (before.endsWith("\"") || before.endsWith("'"))) {
            return Optional.of(
                    here("text after a closing quote")
                            .hint("quote the whole value, or remove the quotes"));
        }
        return Optional.empty();
    }

    private Optional<Problem> missingColon() {
        if (said.contains("could not find expected ':'")) {
            return Optional.of(noColon(contextLine));
        }
        if (!said.contains("mapping values are not allowed")) {
            return Optional.empty();
        }
        int above = lineAbove();
        boolean first = !YamlIndentation.hasKey(before());
        return first && above >= 0 && !YamlIndentation.hasKey(text(above))
                ? Optional.of(noColon(above))
                : Optional.empty();
    }

    private Problem noColon(int index) {
        return inLine(index, "missing ': ' between a key and its value")
                .hint("write 'key: value', with a space after the colon");
    }

    // A ':' where a key is not allowed: a second one on a line, or on a line indented further than
    // the value above.
    private Optional<Problem> key() {
        if (!said.contains("mapping values are not allowed")) {
            return Optional.empty();
        }
        if (YamlIndentation.hasKey(before())) {
            return Optional.of(
                    here("a second ': ' on one line")
                            .hint("put each key on its own line, or quote the value"));
        }
        int above = lineAbove();
        if (above >= 0
                && YamlIndentation.indent(text(line)) > YamlIndentation.indent(text(above))) {
            int column = 1 + YamlIndentation.keyColumn(text(above));
            return Optional.of(
                    inLine(line, "indented further than the line above, which already has a value")
                            .hint(
                                    "start it in column "
                                            + column
                                            + ", as line "
                                            + (above + 1)
                                            + " does"));
        }
        return Optional.of(here("a key is not allowed here").hint("quote the value"));
    }

    private int lineAbove() {
        int above = line - 1;
        while (above >= 0 && YamlIndentation.isBlank(text(above))) {
            above--;
        }
        return above;
    }

    private Optional<Problem> list() {
        if (said.contains("sequence entries are not allowed")) {
            return Optional.of(
                    here("a list cannot start on the line of its key")
                            .hint("put each '- ' on its own line below the key"));
        }
        return Optional.empty();
    }

    private Optional<Problem> blockText() {
        if (!context.contains("block scalar")) {
            return Optional.empty();
        }
        if (said.contains("leading empty lines")) {
            return Optional.of(
                    here("the empty lines above are indented further than this text")
                            .hint("remove the spaces in them"));
        }
        return Optional.of(
                here("after '|' or '>', text must start on the next line")
                        .hint("move it there, or quote the value"));
    }

    private Optional<Problem> markup() {
        int directive = text(line).startsWith("%") ? line : line - 1;
        if (text(directive).startsWith("%")) {
            return Optional.of(
                    inLine(directive, "unknown YAML directive")
                            .hint("remove the line: recipes need no directives"));
        }
        if (context.contains("tag") || said.contains("tag")) {
            return Optional.of(here("'!' starts an unknown tag").hint("quote the value"));
        }
        return Optional.empty();
    }

    private Problem unknown() {
        return here("not valid YAML")
                .hint(
                        "check the indentation, colons, quotes and brackets on this line and the "
                                + "one above");
    }
}
