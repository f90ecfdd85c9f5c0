package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

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

    /// The arguments that Java gets from program `name` of an installation in `root`, after the jar.
    private static String programRun(Path root, String name) throws Exception {
        Process process =
                new ProcessBuilder(root.resolve(name).toString(), "x y")
                        .redirectErrorStream(true)
                        .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(text).isZero();
        return text.strip().replaceFirst("(?s).*jmergekit-1\\.jar ", "");
    }

    private static Path installation(Path root) throws IOException {
        Path app = Files.createDirectories(root.resolve("app"));
        for (String file : List.of("jdk.sh", "run.sh", "computing.options", "program.options")) {
            Files.copy(Path.of("scripts", "lib", file), app.resolve(file));
        }
        Files.createFile(app.resolve("jmergekit-1.jar"));
        Path java = Files.createDirectories(root.resolve("runtime/bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\necho \"$*\"\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Path program = Path.of("src", "dist", "bin", "mergekit");
        Files.createDirectory(root.resolve("bin"));
        for (String name : List.of("mergekit", "mergekit-yaml", "bakllama")) {
            Files.copy(
                    program, root.resolve("bin").resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
        }
        return app;
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aProgramRunsTheCommandOfItsName(@TempDir Path folder) throws Exception {
        Path root = Files.createDirectory(folder.resolve("an installation"));
        installation(root);
        Path links = Files.createDirectory(root.resolve("links"));
        Files.createSymbolicLink(links.resolve("mergekit-yaml"), root.resolve("bin/mergekit-yaml"));
        Files.createSymbolicLink(links.resolve("merge"), Path.of("mergekit-yaml"));
        Files.createSymbolicLink(links.resolve("mk"), Path.of("../bin/mergekit"));

        assertThat(programRun(root, "bin/mergekit")).isEqualTo("x y");
        assertThat(programRun(root, "bin/mergekit-yaml")).isEqualTo("yaml x y");
        assertThat(programRun(root, "bin/bakllama")).isEqualTo("bakllama x y");
        assertThat(programRun(root, "links/mergekit-yaml")).isEqualTo("yaml x y");
        assertThat(programRun(root, "links/merge")).isEqualTo("yaml x y");
        assertThat(programRun(root, "links/mk")).isEqualTo("x y");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void librariesAddedLaterGetANewCache(@TempDir Path root) throws Exception {
        Path app = installation(root);
        Path lib = Files.createDirectory(app.resolve("lib"));
        Files.createFile(lib.resolve("a.jar"));
        programRun(root, "bin/mergekit");
        assertThat(app.resolve("jmergekit-1-1.aot")).exists();

        Files.createFile(lib.resolve("b.jar"));
        programRun(root, "bin/mergekit");

        assertThat(app.resolve("jmergekit-1-2.aot")).exists();
        assertThat(app.resolve("jmergekit-1-1.aot")).doesNotExist();
    }

    @Test
    void windowsProgramsHaveWindowsLineEnds() throws IOException {
        String program = Files.readString(Path.of("src", "dist", "windows", "mergekit.cmd"));
        assertThat(program.lines().count())
                .isEqualTo(program.chars().filter(c -> c == '\r').count());
    }
}
