package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The files that a release's archives are made with.
final class DistributionTest {
    private static final Pattern JAVA_MODULE = Pattern.compile("-> ((?:java|jdk)\\.[\\w.]+)");

    @Test
    void everyScriptNamesACommand() throws IOException {
        List<String> scripts;
        try (Stream<Path> files = Files.list(Path.of("scripts"))) {
            scripts =
                    files.map(f -> f.getFileName().toString())
                            .filter(n -> n.startsWith("mergekit-") || n.equals("bakllama"))
                            .toList();
        }
        assertThat(scripts).hasSizeGreaterThan(8);
        assertThat(Commands.all().keySet())
                .containsAll(scripts.stream().map(s -> s.replace("mergekit-", "")).toList());
    }

    @Test
    void theRuntimeHasTheModulesThatTheProgramUses() throws IOException, URISyntaxException {
        Path classes =
                Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        int code =
                ToolProvider.findFirst("jdeps")
                        .orElseThrow()
                        .run(out, out, "-s", "--multi-release", "25", classes.toString());
        assertThat(code).as(text.toString()).isZero();
        Set<String> used =
                JAVA_MODULE
                        .matcher(text.toString())
                        .results()
                        .map(m -> m.group(1))
                        .collect(Collectors.toSet());
        assertThat(used).contains("java.base", "jdk.incubator.vector");
        String staging = Files.readString(Path.of("scripts", "lib", "stage.sh"));
        MatchResult modules =
                Pattern.compile("(?m)^modules=(.+)$")
                        .matcher(staging)
                        .results()
                        .findAny()
                        .orElseThrow();
        assertThat(Arrays.asList(modules.group(1).split(","))).containsAll(used);
    }

    @Test
    void windowsProgramsHaveWindowsLineEnds() throws IOException {
        String program = Files.readString(Path.of("src", "dist", "windows", "mergekit.cmd"));
        assertThat(program.lines().count())
                .isEqualTo(program.chars().filter(c -> c == '\r').count());
    }
}
