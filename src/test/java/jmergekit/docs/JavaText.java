package jmergekit.docs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The comments and the messages of a Java source.
final class JavaText {
    private static final String STRING = "\"(?:\\\\.|[^\"\\\\\\n])*\"";

    /// Literals of single characters are here for the sake of quotes in them.
    private static final Pattern TOKEN =
            Pattern.compile(
                    "(?<block>\"\"\"[\\s\\S]*?(?<!\\\\)\"\"\")"
                            + "|(?<comment>//[^\\n]*(?:\\n\\h*//[^\\n]*)*|/\\*[\\s\\S]*?\\*/)"
                            + "|(?<string>(STRING)(?:\\s*\\+\\s*STRING)*)".replace("STRING", STRING)
                            + "|'(?:\\\\.|[^'\\\\\\n])+'");

    private static final Pattern COMMENT_SIGN =
            Pattern.compile("^\\h*(?:///?|/?\\*+/?)", Pattern.MULTILINE);

    /// Code, and what is quoted, such as the title of a paper.
    private static final Pattern CODE = Pattern.compile("```[\\s\\S]*?```|`[^`]*`|\"[^\"]*\"");

    /// Types and members, parameters, and the names of other works.
    private static final Pattern NAME =
            Pattern.compile("\\[[^\\]]+](?!\\[)(?:\\([^)]*\\))?|@(?:param|throws)\\s+\\S+");

    private static final Pattern TWO_WORDS = Pattern.compile("[A-Za-z]{2,}[,:;]? [A-Za-z]{2,}");
    private static final Pattern ESCAPE = Pattern.compile("\\\\[a-z]");

    /// What is replaced in a message, and names in it.
    private static final Pattern PLACE =
            Pattern.compile(
                    "%[-#+0,(]*\\d*(?:\\.\\d+)?[a-zA-Z%]|\\$\\{[^}]*}|(?<!\\w)'[^'\\n]+'(?!\\w)");

    /// Of help and of pages.
    private static final Pattern MARKUP = Pattern.compile("@\\|[a-z,]+ |\\|@|</?[a-z][^<>\\n]*>");

    private JavaText() {}

    static List<Prose> of(Path file, String source) {
        List<Prose> prose = new ArrayList<>();
        int line = 1;
        int counted = 0;
        for (MatchResult token : TOKEN.matcher(source).results().toList()) {
            line += ends(source.substring(counted, token.start()));
            counted = token.start();
            if (token.group("comment") != null) {
                prose.add(new Prose(file, line, comment(token.group())));
            } else if (TWO_WORDS.matcher(token.group()).find() && !isRegex(token.group())) {
                prose.add(new Prose(file, line, message(token.group())));
            }
        }
        return prose;
    }

    private static boolean isRegex(String literals) {
        return literals.contains("\\\\");
    }

    private static String comment(String text) {
        String bare = omit(CODE, COMMENT_SIGN.matcher(text).replaceAll(""));
        return omit(NAME, bare);
    }

    /// Literals of several lines become one.
    private static String message(String literals) {
        String joined =
                Pattern.compile("\"\\s*\\+\\s*\"")
                        .matcher(literals)
                        .replaceAll(m -> lines(m.group()));
        return omit(PLACE, MARKUP.matcher(ESCAPE.matcher(joined).replaceAll(" ")).replaceAll(" "));
    }

    private static String omit(Pattern pattern, String text) {
        return pattern.matcher(text)
                .replaceAll(m -> Matcher.quoteReplacement(Markdown.OMITTED + lines(m.group())));
    }

    /// The ends of lines in what is taken out stay, so that lines are counted well.
    private static String lines(String text) {
        return "\n".repeat(ends(text));
    }

    private static int ends(String text) {
        return (int) text.chars().filter(c -> c == '\n').count();
    }
}
