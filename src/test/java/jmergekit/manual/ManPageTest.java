package jmergekit.manual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import jmergekit.fixture.Cli;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManPageTest {
    @TempDir private Path folder;

    @Test
    void aPageSaysWhatTheHelpSays() {
        Command command =
                new Command(
                        "join",
                        List.of("tool-join"),
                        "Joins files. Slowly.",
                        List.of(
                                new Option(
                                        List.of("-f", "--from"),
                                        "FILE",
                                        new Value.AnyFile(),
                                        false,
                                        ".hidden files, \"too\".")),
                        List.of(new Argument("OUT", new Value.Folder(), true, false, "Where to.")));
        Program tool = new Program("tool", "tool 1.0", "Does things.", List.of(), List.of(command));

        assertThat(ManPage.all(tool, Map.of(0, "Well.")).get("tool-join.1"))
                .isEqualTo(
                        """
                        .TH TOOL\\-JOIN 1 "" "tool 1.0" "tool"
                        .SH NAME
                        tool\\-join \\- Joins files
                        .SH SYNOPSIS
                        .B tool join
                        [options]
                        .I OUT
                        .br
                        .B tool\\-join
                        [options]
                        .I OUT
                        .SH DESCRIPTION
                        Joins files. Slowly.
                        .SH ARGUMENTS
                        .TP
                        .I OUT
                        Where to.
                        .SH OPTIONS
                        .TP
                        \\fB\\-f\\fR, \\fB\\-\\-from\\fR=\\fIFILE\\fR
                        \\&.hidden files, \\(dqtoo\\(dq.
                        .SH EXIT STATUS
                        .TP
                        .B 0
                        Well.
                        .SH SEE ALSO
                        .BR tool (1)
                        """);
    }

    @Test
    void allPagesAreWritten() throws IOException {
        Cli.Result result = Cli.run(folder, "man", "--directory", "pages");

        assertThat(result.code()).isZero();
        try (Stream<Path> pages = Files.list(folder.resolve("pages"))) {
            assertThat(pages.map(p -> p.getFileName().toString()))
                    .contains("mergekit.1", "mergekit-yaml.1", "mergekit-man.1", "bakllama.1");
        }
        assertThat(Files.readString(folder.resolve("pages/mergekit-yaml.1")))
                .isEqualTo(Cli.run(folder, "man", "mergekit-yaml").out())
                .contains("\\fB\\-\\-dry\\-run\\fR")
                .contains("\\fB\\-\\-sync\\fR, \\fB\\-\\-no\\-sync\\fR")
                .contains(".B 130");
    }

    @Test
    void aFormatterHasNothingAgainstThem() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/mandoc")), "mandoc is not installed");
        Cli.run(folder, "man", "--directory", "man1");
        try (Stream<Path> pages = Files.list(folder.resolve("man1"))) {
            for (Path page : pages.toList()) {
                Process process =
                        new ProcessBuilder("mandoc", "-Tlint", "-Wwarning", page.toString())
                                .directory(folder.toFile())
                                .redirectErrorStream(true)
                                .start();
                String said =
                        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

                // A date would differ between two builds.
                assertThat(said.lines().filter(l -> !l.contains("missing date"))).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    yml | error: mergekit man: unknown command 'yml' (did you mean 'yaml'?)
                    nonesuch | error: mergekit man: unknown command 'nonesuch'
                    """)
    void anUnknownCommandIsAnsweredWithTheList(String name, String message) {
        Cli.Result result = Cli.run(folder, "man", name);

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).startsWith(message).contains("expected one of yaml, moe");
    }

    @Test
    void aFolderThatCannotBeMadeIsAnError() throws IOException {
        Files.writeString(folder.resolve("file"), "");

        Cli.Result result = Cli.run(folder, "man", "--directory", "file/pages");

        assertThat(result.code()).isEqualTo(4);
        assertThat(result.err()).startsWith("error: file/pages: ").hasLineCount(1);
    }
}
