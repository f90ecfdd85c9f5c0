package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// What the scripts set before they start the program.
@EnabledOnOs(OS.LINUX)
final class LauncherTest {
    private static String localeFrom(Map<String, String> variables) throws Exception {
        return run(variables, "use_utf8; echo \"${LC_ALL-}\"");
    }

    private static String run(Map<String, String> variables, String commands)
            throws IOException, InterruptedException {
        ProcessBuilder shell =
                new ProcessBuilder(
                                "bash", "-euc", "root=$PWD; . scripts/lib/launch.sh; " + commands)
                        .redirectErrorStream(true);
        shell.environment()
                .keySet()
                .removeIf(name -> name.startsWith("LC_") || name.equals("LANG"));
        shell.environment().putAll(variables);
        Process process = shell.start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(text).isZero();
        return text.strip();
    }

    @Test
    void asciiLocalesBecomeUtf8() throws Exception {
        assertThat(localeFrom(Map.of())).isEqualTo("C.UTF-8");
        assertThat(localeFrom(Map.of("LC_ALL", "C"))).isEqualTo("C.UTF-8");
        assertThat(localeFrom(Map.of("LC_ALL", "POSIX"))).isEqualTo("C.UTF-8");
        assertThat(localeFrom(Map.of("LANG", "C"))).isEqualTo("C.UTF-8");
    }

    @Test
    void withoutTheToolThatKnowsTheNameDecides() throws Exception {
        String script = "PATH=/nowhere; use_utf8; echo \"${LC_ALL-}\"";
        assertThat(run(Map.of("LANG", "POSIX"), script)).isEqualTo("C.UTF-8");
        assertThat(run(Map.of("LANG", "xx_YY.UTF-8"), script)).isEmpty();
    }

    @Test
    void utf8StaysAsItIs() throws Exception {
        assertThat(localeFrom(Map.of("LC_ALL", "C.UTF-8"))).isEqualTo("C.UTF-8");
        assertThat(localeFrom(Map.of("LC_CTYPE", "C.UTF-8"))).isEmpty();
    }
}
