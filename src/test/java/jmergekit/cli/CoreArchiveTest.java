package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jmergekit.problem.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The program with the libraries of the core archive only.
final class CoreArchiveTest {
    private static final Pattern LEFT_OUT =
            Pattern.compile("<exclude>app/lib/([\\w*.-]+)</exclude>");

    private record Run(int code, String errors) {}

    /// The class path of this process without the libraries that the archive leaves out.
    private static String classPath() throws IOException {
        List<Pattern> leftOut =
                LEFT_OUT.matcher(Files.readString(Path.of("src/dist/assembly/program.xml")))
                        .results()
                        .map(CoreArchiveTest::pattern)
                        .toList();
        assertThat(leftOut).hasSizeGreaterThan(4);
        List<String> all =
                Arrays.asList(System.getProperty("java.class.path").split(File.pathSeparator));
        List<String> kept =
                all.stream()
                        .filter(p -> leftOut.stream().noneMatch(l -> l.matcher(name(p)).matches()))
                        .toList();
        assertThat(kept).hasSizeLessThanOrEqualTo(all.size() - leftOut.size());
        return kept.stream().collect(Collectors.joining(File.pathSeparator));
    }

    private static Pattern pattern(MatchResult glob) {
        return Pattern.compile(glob.group(1).replace(".", "\\.").replace("*", ".*"));
    }

    private static String name(String path) {
        return String.valueOf(Path.of(path).getFileName());
    }

    private static Run run(String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx256m",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                classPath(),
                                Main.class.getName()));
        command.addAll(List.of(arguments));
        Process process =
                new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), errors);
    }

    private static void refuses(Run run, String part) {
        assertThat(run.errors().lines().toList())
                .singleElement()
                .asString()
                .startsWith("error: " + part + ": this installation does not contain it; unpack")
                .containsPattern("jmergekit-\\S+-pytorch\\.tar\\.gz from https://\\S+/releases");
        assertThat(run.code()).isEqualTo(ExitCode.RECIPE.status());
    }

    @Test
    void modelsAreMerged(@TempDir Path folder) throws Exception {
        Run run = run("yaml", "examples/ties.yml", folder.resolve("merged").toString());
        assertThat(run.code()).as(run.errors()).isEqualTo(ExitCode.OK.status());
        assertThat(folder.resolve("merged/model.safetensors")).isNotEmptyFile();
    }

    @Test
    void extractionSaysHowToAddPyTorch(@TempDir Path folder) throws Exception {
        Path adapter = folder.resolve("adapter");
        refuses(
                run(
                        "extract-lora",
                        "examples/models/chat",
                        "examples/models/base",
                        adapter.toString()),
                "PyTorch");
        assertThat(adapter).doesNotExist();
    }

    @Test
    void gatesFromPromptsSayHowToAddTheTokenizersLibrary(@TempDir Path folder) throws Exception {
        Path mixture = folder.resolve("mixture");
        refuses(
                run("moe", "examples/moe/mixtral.yml", mixture.toString()),
                "the tokenizers library");
        assertThat(mixture).doesNotExist();
    }

    @Test
    void theBuiltInEvaluatorSaysHowToAddIt(@TempDir Path folder) throws Exception {
        refuses(
                run(
                        "evolve",
                        "examples/evolve/evolve.yml",
                        "--storage-path",
                        folder.resolve("search").toString(),
                        "--max-fevals",
                        "4"),
                "the tokenizers library");
    }
}
