package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import jmergekit.fixture.Cli;
import jmergekit.fixture.ReferenceOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Commands and options that are not there.
final class CommandsTest {
    @TempDir private Path folder;

    @Test
    void everyCommandOfMergekitIsThere() {
        assertThat(Commands.all().keySet())
                .containsAll(ReferenceOptions.byCommand().keySet())
                .contains("bakllama");
    }

    @Test
    void aMisspeltCommandIsRecognised() {
        Cli.Result result = Cli.run(folder, "yml", "x");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .contains("unknown command 'yml' (did you mean 'yaml'?)")
                .contains("one of yaml, moe");
    }

    @Test
    void aMisspeltOptionIsRecognised() {
        Cli.Result result = Cli.run(folder, "yaml", "r.yml", "out", "--overwrit");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("'--overwrit' (did you mean '--overwrite'?)");
    }

    @Test
    void aPathThatTheSystemCannotHaveIsTheUsersMistake() {
        Cli.Result result = Cli.run(folder, "yaml", "r.yml", "o\0t");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .contains("not a path that can be opened", "LC_ALL=C.UTF-8")
                .doesNotContain("Exception");
    }
}
