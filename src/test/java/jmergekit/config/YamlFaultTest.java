package jmergekit.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.regex.Pattern;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problems;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Broken YAML as people write it: each case is a text, in which `/` ends a line and `>` is a tab,
/// and the report of it.
final class YamlFaultTest {
    private static final Pattern WORDS_OF_THE_PARSER =
            Pattern.compile("block end|node content|scalar|token|stream|flow |TAB|0x|\\(\\d+\\)");
    private static final String TAB =
            "a tab in the indentation; indent with spaces: YAML does not allow tabs there";
    private static final String COLON =
            "missing ': ' between a key and its value; write 'key: value', with a space after "
                    + "the colon";

    private static void refuses(String text, String report) {
        String written = text.replace('/', '\n').replace('>', '\t');
        assertThatThrownBy(
                        () -> YamlReader.documents(SourceText.of("r.yml", written), new Problems()))
                .isInstanceOf(MergeException.class)
                .satisfies(e ->
                        assertThat(e.getMessage().lines().findFirst().orElseThrow())
                                .isEqualTo("r.yml:" + report));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            quoteCharacter = '~',
            textBlock =
                    """
                    models:/>- model: a|2:1
                    parameters:/>weight: 1|2:1
                    models:/->model: a|2:2
                    models:/  - model: a/>  parameters: 1|3:1
                    >models: a|1:1\
                    """)
    void tabs(String text, String place) {
        refuses(text, place + ": " + TAB);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            quoteCharacter = '~',
            textBlock =
                    """
                    merge_method:linear/models: a|1:1
                    merge_method linear/models: a|1:1
                    merge_method = linear/models: a|1:1
                    models:/- model:a/  parameters: 1|2:1
                    models/- model: a|1:1
                    a: b/dtype:bfloat16|2:1\
                    """)
    void missingColons(String text, String place) {
        refuses(text, place + ": " + COLON);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            quoteCharacter = '~',
            textBlock =
                    """
                    models:/  - model: a/    parameters: 1/ - model: b|4:2: the indentation does not match any line above; start it in column 3, like the items above
                    models:/  - model: a/   parameters: 1|3:4: the indentation does not match any line above; start it in column 1 or 5, like the keys above
                    a: b/  dtype: c|2:3: indented further than the line above, which already has a value; start it in column 1, as line 1 does
                    models:/  - model: a/      parameters: 1|3:7: indented further than the line above, which already has a value; start it in column 5, as line 2 does
                    models:/  - model: a/    - model: b|3:5: a list item where a key was expected; start it in column 3, like the items above
                    a: b/- model: a|2:1: a list item where a key was expected; put a key above the list, such as 'models:'
                      a: b/models: c|2:1: the indentation does not match any line above; start it in column 3, like the keys above
                    models: - model: a|1:9: a list cannot start on the line of its key; put each '- ' on its own line below the key\
                    """)
    void indentation(String text, String report) {
        refuses(text, report);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            quoteCharacter = '~',
            textBlock =
                    """
                    a: [{b: c}|1:4: '[' is not closed; write ']' at its end
                    a: {b: 1/c: d|1:4: '{' is not closed; write '}' at its end
                    a: {b: [1, 2}|1:13: '}' before a closing ']'; first close the '[' on line 1
                    a: {b: 1}}|1:10: '}' has no matching opening bracket; remove it
                    a: [0, 2]]|1:10: ']' has no matching opening bracket; remove it
                    a: {b: 1 c: 2}|1:11: missing ',' between two values in '{'; separate them with ','
                    a: [{b: 1} {b: 2}]|1:12: missing ',' between two values in '['; separate them with ','
                    a: [/  - b|2:3: a '- ' inside '['; separate the values in brackets with ',' and remove '-'
                    a: [, b]|1:5: no value before ','; add the value, or remove the extra ','
                    a: ["\\"]", 1 # ]|1:4: '[' is not closed; write ']' at its end\
                    """)
    void brackets(String text, String report) {
        refuses(text, report);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            quoteCharacter = '~',
            textBlock =
                    """
                    a: "b/c: d|1:4: the quoted text that starts here has no closing quote; write " after its last character
                    a: 'b/c: d|1:4: the quoted text that starts here has no closing quote; write ' after its last character
                    a: "b" c|1:8: text after a closing quote; quote the whole value, or remove the quotes
                    a: [b] c|1:8: text after the end of a value; quote the whole value
                    a: "C:\\models"|1:8: '\\' starts an unknown escape sequence in double quotes; use single quotes, where '\\' has no special meaning
                    a: b: c|1:5: a second ': ' on one line; put each key on its own line, or quote the value
                    a: @org|1:4: a value cannot start with '@'; quote it
                    a: %b|1:4: a value cannot start with '%'; quote it
                    a: *mlp*|1:4: a value cannot start with '*', which introduces an alias; quote it
                    a: & b|1:4: a value cannot start with '&', which introduces an anchor; quote it
                    a: !x!y 1|1:4: '!' starts an unknown tag; quote the value
                    ```yaml/a: b/```|1:1: a Markdown fence is not part of a recipe; remove the lines that begin with ```
                    <<<<<<< HEAD/a: b/=======/a: c|1:1: a git conflict marker; keep one side and remove the other side and the markers
                    %FOO/a: b|1:1: unknown YAML directive; remove the line: recipes need no directives\
                    """)
    void values(String text, String report) {
        refuses(text, report);
    }

    @Test
    void blockTexts() {
        refuses(
                "a: |x",
                "1:5: after '|' or '>', text must start on the next line; move it there, or "
                        + "quote the value");
        refuses(
                "a: |/     /  b",
                "3:3: the empty lines above are indented further than this text;"
                        + " remove the spaces in them");
    }

    @Test
    void whateverIsBrokenIsSaidInOurWords() {
        String recipe =
                """
                merge_method: ties
                base_model: "a/b"
                models:
                  - model: ./c
                    parameters: {weight: [0.5, 1], density: 1}
                  - model: 'd'
                    parameters:
                      weight:
                        - filter: mlp
                          value: 1
                """;
        String marks = " \t\n-:,[]{}\"'#&*!|>%@`?\\\u00e9\ud83d\ude00";
        Random random = new Random(15);
        int refused = 0;
        for (int i = 0; i < 3000; i++) {
            StringBuilder text = new StringBuilder(recipe);
            for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
                int at = random.nextInt(text.length());
                int end = Math.min(text.length(), at + random.nextInt(3));
                int mark = random.nextInt(marks.length());
                text.replace(at, end, marks.substring(mark, mark + 1));
            }
            try {
                YamlReader.documents(SourceText.of("r.yml", text.toString()), new Problems());
            } catch (MergeException e) {
                refused++;
                String report = e.getMessage().lines().findFirst().orElseThrow();
                assertThat(WORDS_OF_THE_PARSER.matcher(report).find()).as(report).isFalse();
            }
        }
        assertThat(refused).isGreaterThan(1000);
    }
}
