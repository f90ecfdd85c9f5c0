package jmergekit.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The expressions that the guide to the project's English asks to avoid.
class EnglishTest {
    private static final Path GUIDE = Path.of(".github", "CONTRIBUTING.md");

    /// @param better what to write instead
    private record Avoided(Pattern expression, String better) {
        Avoided(String expression, String better) {
            this(
                    Pattern.compile(
                            expression.replace(" ", "\\s+"),
                            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CHARACTER_CLASS),
                    better);
        }

        List<String> in(Prose prose) {
            return expression
                    .matcher(prose.text())
                    .results()
                    .map(m ->
                            "%s: '%s'; better: %s"
                                    .formatted(
                                            prose.place(m.start()),
                                            m.group().replaceAll("\\s+", " "),
                                            better))
                    .toList();
        }
    }

    private static List<Avoided> avoided() throws IOException {
        List<Avoided> all = new ArrayList<>();
        for (List<String> row : Page.read(GUIDE).section("English").rows()) {
            for (String expression : Page.code(row.get(2))) {
                all.add(new Avoided(expression, row.get(1)));
            }
        }
        return all;
    }

    @Test
    void proseAvoidsWhatTheGuideNames() throws IOException {
        List<Avoided> avoided = avoided();
        List<String> found = new ArrayList<>();
        for (Prose prose : Prose.of(Path.of(""))) {
            avoided.forEach(a -> found.addAll(a.in(prose)));
        }

        assertThat(avoided).hasSizeGreaterThan(20);
        assertThat(found).as("The table in %s says why.", GUIDE).isEmpty();
    }

    @Test
    void everyExpressionFindsAnExampleOfItsRow() throws IOException {
        for (List<String> row : Page.read(GUIDE).section("English").rows()) {
            for (String expression : Page.code(row.get(2))) {
                Prose example = new Prose(GUIDE, 1, String.join("\n", Page.code(row.get(0))));
                assertThat(new Avoided(expression, "").in(example)).as(expression).isNotEmpty();
            }
        }
    }

    @Test
    void anExpressionIsFoundAcrossLines() {
        Prose prose = new Prose(Path.of("a.md"), 3, "One line.\nAll in\n  Vain.");

        assertThat(new Avoided("\\bin vain\\b", "without success").in(prose))
                .containsExactly("a.md:4: 'in Vain'; better: without success");
    }
}
