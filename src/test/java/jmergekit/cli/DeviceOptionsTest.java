package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import jmergekit.fixture.Cli;
import jmergekit.fixture.JavaProcess;
import jmergekit.fixture.TinyModel;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the options that say where to compute mean, on any machine.
class DeviceOptionsTest {
    private static final String RECIPE =
            """
            merge_method: linear
            models:
            - {model: ./A, parameters: {weight: 0.5}}
            - {model: ./B, parameters: {weight: 0.5}}
            """;

    @TempDir private static Path folder;

    @BeforeAll
    static void writeModels() throws IOException {
        TinyModel.llama(1, 8, false, 1).write(folder.resolve("A"), "BF16");
        TinyModel.llama(1, 8, false, 2).write(folder.resolve("B"), "BF16");
        Files.writeString(folder.resolve("recipe.yml"), RECIPE);
    }

    @Test
    void aMissingGpuIsReportedTogetherWithOtherMistakes() throws IOException, InterruptedException {
        Files.writeString(folder.resolve("wrong.yml"), RECIPE.replace("./B", "./nowhere"));

        Cli.Result result = withoutDriver("wrong.yml", List.of("--cuda"));

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .contains("nowhere: no such model folder", "--cuda: there is no GPU to compute on");
    }

    @Test
    void withoutOptionsItIsTheCpuAndNothingIsSaid() {
        Cli.Result result = plan();

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err()).doesNotContain("computing on");
    }

    @Test
    void theCpuThatWasAskedForIsSaid() {
        Cli.Result result = plan("--device", "cpu");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err()).contains("computing on the CPU (--device cpu)");
    }

    @Test
    void aQuietRunDoesNotSayIt() {
        Cli.Result result = plan("--device", "cpu", "--quiet");

        assertThat(result.code()).isZero();
        assertThat(result.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpu", "CPU", "cuda:", "cuda:-1", "cuda:0,1", "cuda:12345", "mps", ""})
    void anUnknownDeviceIsRefused(String device) {
        Cli.Result result = plan("--device=" + device);

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .contains(
                        "--device: unknown device (expected cpu, cuda, cuda:N or auto,"
                                + " found "
                                + device
                                + ")");
    }

    @ParameterizedTest
    @CsvSource({
        "cpu,    --cuda",
        "cpu,    --multi-gpu",
        "cpu,    --gpu-rich",
        "cuda:0, --multi-gpu",
        "cuda:1, --multi-gpu",
        "cuda:1, --gpu-rich"
    })
    void optionsThatContradictEachOtherAreRefused(String device, String flag) {
        Cli.Result result = plan("--device", device, flag);

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .contains(
                        "--device %s: the option contradicts %s; omit one of them"
                                .formatted(device, flag));
    }

    @Test
    void aContradictionIsSaidBesideOtherProblems() throws IOException {
        Files.writeString(folder.resolve("bad.yml"), RECIPE.replace("linear", "linar"));

        Cli.Result result = Cli.run(folder, "yaml", "bad.yml", "out", "--device", "cpu", "--cuda");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("contradicts --cuda", "linar");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--read-to-gpu",
                "--no-read-to-gpu",
                "--no-cuda",
                "--no-multi-gpu",
                "--no-gpu-rich"
            })
    void optionsThatAskForNoGpuChangeNothing(String option) {
        Cli.Result result = plan(option);

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out()).isEqualTo(plan().out());
        assertThat(result.err()).doesNotContain("computing on", "warning");
    }

    @Test
    void withoutADriverEveryGpuOptionIsRefused() throws IOException, InterruptedException {
        for (List<String> options :
                List.of(
                        List.of("--device", "cuda:3"),
                        List.of("--cuda", "--device", "auto"),
                        List.of("--gpu-rich"))) {
            Cli.Result result = withoutDriver("recipe.yml", options);

            assertThat(result.code()).isEqualTo(2);
            assertThat(result.err())
                    .contains(
                            "there is no GPU to compute on (found there is no NVIDIA driver "
                                    + "(no-such-driver)); omit the option to compute on the CPU");
        }
    }

    @Test
    void withoutADriverAutoIsTheCpu() throws IOException, InterruptedException {
        Cli.Result result = withoutDriver("recipe.yml", List.of("--device", "auto"));

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err())
                .contains(
                        "computing on the CPU (--device auto),"
                                + " since there is no NVIDIA driver (no-such-driver)");
    }

    @Test
    void extractionWarnsThatItIgnoresAGpu() {
        Cli.Result ignored = extract("--device", "cuda");
        Cli.Result plain = extract("--device", "cpu");

        assertThat(ignored.code()).as(ignored.err()).isZero();
        assertThat(ignored.err())
                .contains(
                        "--device cuda: the option has no effect:"
                                + " extraction computes on the CPU");
        assertThat(plain.code()).isZero();
        assertThat(plain.err()).doesNotContain("has no effect");
    }

    @Test
    void extractionRefusesContradictionsToo() {
        Cli.Result result = extract("--device", "cpu", "--multi-gpu");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("contradicts --multi-gpu");
    }

    private static Cli.Result plan(String... options) {
        return Cli.run(folder, dryRun("recipe.yml", List.of(options)));
    }

    private static Cli.Result withoutDriver(String recipe, List<String> options)
            throws IOException, InterruptedException {
        return JavaProcess.run(
                folder,
                Cli.NO_HUB,
                List.of("-Djmergekit.cuda.driver=no-such-driver"),
                Main.class,
                dryRun(recipe, options));
    }

    private static String[] dryRun(String recipe, List<String> options) {
        List<String> command = List.of("yaml", recipe, "planned", "--dry-run");
        return Stream.concat(command.stream(), options.stream()).toArray(String[]::new);
    }

    private static Cli.Result extract(String... options) {
        List<String> command =
                List.of(
                        "extract-lora",
                        "--model=./A",
                        "--base-model=./B",
                        "--out-path=extracted",
                        "--dry-run");
        return Cli.run(
                folder, Stream.concat(command.stream(), Stream.of(options)).toArray(String[]::new));
    }
}
