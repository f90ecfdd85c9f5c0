package jmergekit.evolve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// `scripts/compare-methods`, with this build in place of the jar.
@EnabledOnOs(OS.LINUX)
class CompareMethodsTest {
    private static final Path ROOT = Path.of("").toAbsolutePath();

    @TempDir private Path folder;

    private String run(String... arguments) throws IOException, InterruptedException {
        Path scripts = Files.createDirectories(folder.resolve("scripts"));
        Path script = scripts.resolve("compare-methods");
        Files.copy(ROOT.resolve("scripts/compare-methods"), script);
        program(scripts.resolve("mergekit"), "");
        program(scripts.resolve("mergekit-evolve"), "evolve");
        List<String> command = new ArrayList<>(List.of("bash", script.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(ROOT.toFile());
        Path errors = folder.resolve("errors");
        builder.redirectError(errors.toFile());
        builder.environment().putAll(Map.of("HF_HUB_OFFLINE", "1"));
        Process process = builder.start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
        return text;
    }

    private static void program(Path file, String command) throws IOException {
        Files.writeString(
                file,
                """
                #!/usr/bin/env bash
                exec '%s' -cp '%s' jmergekit.cli.Main %s "$@"
                """
                        .formatted(
                                Path.of(System.getProperty("java.home"), "bin", "java"),
                                System.getProperty("java.class.path"),
                                command));
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    @Test
    void aTableHasParentsThenMethods() throws Exception {
        String table = run("--limit", "1", "examples/evolve", "passthrough", "arcee_fusion");

        assertThat(table.lines())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("| method | defaults | best |"),
                        line -> assertThat(line).startsWith("|---"),
                        line -> assertThat(line).matches("\\| \\*math\\* \\| -[\\d.]+ \\|.*"),
                        line -> assertThat(line).matches("\\| \\*words\\* \\| -[\\d.]+ \\|.*"),
                        line ->
                                assertThat(line)
                                        .matches(
                                                "\\| `arcee_fusion` \\| (-[\\d.]+) \\| \\1 \\|"
                                                        + " none to choose \\| -[\\d.]+ \\| 1 \\|"),
                        line ->
                                assertThat(line)
                                        .isEqualTo(
                                                "| `passthrough` | not compared: copies one model"
                                                        + " | | | | |"));
    }
}
