package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import jmergekit.fixture.Cli;
import jmergekit.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaintTest {
    private static final Problem PROBLEM =
            Problem.input("model", "it has no head").expected("one").hint("give it a head");

    private static String printed(Paint paint, Problem problem) {
        StringWriter text = new StringWriter();
        PrintWriter err = new PrintWriter(text);
        new Console(Path.of("nowhere"), Map.of(), err, err, paint).report(problem);
        return text.toString();
    }

    @Test
    void anErrorIsRedAndItsHintDim() {
        assertThat(printed(new Paint(true), PROBLEM))
                .isEqualToNormalizingNewlines(
                        "\u001b[1;31merror:\u001b[0m model: it has no head (expected one)"
                                + "\u001b[2m; give it a head\u001b[0m\n");
    }

    @Test
    void aWarningIsYellow() {
        Problem warning = Problem.input("model", "it has no head").asWarning();

        assertThat(printed(new Paint(true), warning))
                .isEqualToNormalizingNewlines(
                        "\u001b[33mwarning:\u001b[0m model: it has no head\n");
    }

    @Test
    void withoutColoursTheTextIsTheSame() {
        assertThat(printed(Paint.NONE, PROBLEM))
                .isEqualToNormalizingNewlines("error: " + PROBLEM + "\n");
    }

    /// What a file is called must not paint anything itself.
    @Test
    void codesInNamesStayInert() {
        String text = printed(new Paint(true), Problem.input("a\u001b[7mb", "no file"));

        assertThat(text.replace("\u001b[1;31m", "").replace("\u001b[0m", ""))
                .doesNotContain("\u001b");
    }

    @ParameterizedTest
    @CsvSource({
        // terminal, NO_COLOR, CLICOLOR_FORCE, TERM, colours
        "true,  '',  '',  xterm, true",
        "true,  '',  '',  '',    true",
        "false, '',  '',  xterm, false",
        "true,  1,   '',  xterm, false",
        "true,  0,   '',  xterm, false",
        "true,  '',  '',  dumb,  false",
        "false, '',  1,   xterm, true",
        "false, '',  0,   xterm, false",
        "true,  '',  0,   xterm, true",
        "true,  1,   1,   xterm, false",
    })
    void variablesDecide(
            boolean terminal, String noColor, String force, String term, boolean colours) {
        Map<String, String> environment =
                Map.of("NO_COLOR", noColor, "CLICOLOR_FORCE", force, "TERM", term);

        assertThat(Paint.of(terminal, environment).isOn()).isEqualTo(colours);
    }

    @Test
    void whatIsKeptHasNoColours() {
        Cli.Result help = Cli.run(Path.of("nowhere"), "yaml", "--help");
        Cli.Result wrong = Cli.run(Path.of("nowhere"), "yaml", "none.yml", "out");

        assertThat(help.out() + wrong.err()).contains("Usage", "error: ").doesNotContain("\u001b");
    }
}
