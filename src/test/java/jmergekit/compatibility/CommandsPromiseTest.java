package jmergekit.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import jmergekit.fixture.Cli;
import org.junit.jupiter.api.Test;

/// Scripts that call commands keep working.
class CommandsPromiseTest {
    private static final Path ROOT = Path.of("").toAbsolutePath();

    /// A command of `--help`, with its other names.
    private static final Pattern COMMAND =
            Pattern.compile("^ {2}([a-z][a-z-]*(?:, [a-z][a-z-]*)*) {2,}", Pattern.MULTILINE);

    /// An option or argument, as in `-j, --num-threads=N`.
    private static final Pattern OPTION =
            Pattern.compile(
                    "^ {2,6}((?:-\\S+, )*-\\S+|\\[?[A-Z]{2,}\\S*)(?: {2,}|$)", Pattern.MULTILINE);

    @Test
    void commandsAndOptionsStay() throws IOException {
        List<String> lines = new ArrayList<>();
        List<String> commands =
                COMMAND.matcher(Cli.run(ROOT, "--help").out())
                        .results()
                        .map(m -> m.group(1))
                        .toList();
        for (String names : commands) {
            lines.add(names);
            String command = names.split(", ")[0];
            OPTION.matcher(Cli.run(ROOT, command, "--help").out())
                    .results()
                    .forEach(m -> lines.add(command + "  " + m.group(1)));
        }

        assertThat(lines).contains("yaml  RECIPE", "yaml  -j, --num-threads=N");
        Promise.check("commands", lines);
    }
}
