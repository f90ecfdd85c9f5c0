package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jmergekit.fixture.Cli;
import jmergekit.fixture.JavaProcess;
import jmergekit.fixture.TinyModel;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the program does on GPUs that fail, lack memory or are slow; they are emulated, so that this
/// runs on any Linux machine with a C++ compiler.
class EmulatedGpuTest {
    private static final String WEIGHTS = "model.safetensors";

    /// Its sums are exact for the models here, so that the order of additions shows nowhere.
    private static final String RECIPE =
            """
            merge_method: ties
            base_model: ./base
            models:
            - {model: ./A, parameters: {weight: 0.75, density: 0.4}}
            - {model: ./B, parameters: {weight: 0.5, density: 0.6}}
            dtype: float32
            """;

    /// More elements than the host selects from, in several segments.
    private static final List<Integer> LARGE = List.of(701, 601);

    private static final int LARGE_TENSORS = 4;

    @TempDir private static Path folder;

    private static String driver;

    @BeforeAll
    static void prepare() throws IOException, InterruptedException {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "the emulation is for Linux");
        assumeTrue(isThere("g++"), "g++ is not on PATH, and the emulation has to be compiled");
        Process build =
                new ProcessBuilder("scripts/emulate-cuda")
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        driver = new String(build.getInputStream().readAllBytes()).strip();
        assertThat(build.waitFor()).isZero();

        model(0).write(folder.resolve("base"), "F32");
        model(1).write(folder.resolve("A"), "F32");
        model(2).write(folder.resolve("B"), "F32");
        Files.writeString(folder.resolve("recipe.yml"), RECIPE);
        assertThat(Cli.run(folder, "yaml", "recipe.yml", "cpu").code()).isZero();
    }

    private static boolean isThere(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(f -> Files.isExecutable(Path.of(f, program)));
    }

    private static TinyModel model(int m) {
        TinyModel model =
                TinyModel.llama(1, 8, false, m).with("model.empty", List.of(0), new float[0]);
        Random random = new Random(m);
        for (int t = 0; t < LARGE_TENSORS; t++) {
            float[] data = new float[LARGE.get(0) * LARGE.get(1)];
            for (int i = 0; i < data.length; i++) {
                data[i] = (random.nextInt(255) - 127) / 128f;
            }
            model.with("model.layers.0.mlp.large_%d.weight".formatted(t), LARGE, data);
        }
        return model;
    }

    @Test
    void withoutADeviceTheReasonIsSaid() throws IOException, InterruptedException {
        Cli.Result result = merge(Map.of("NO_DEVICE", "1"), "none", "--device", "cuda");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .contains(
                        "--device cuda: there is no GPU to compute on",
                        "CUDA_ERROR_NO_DEVICE",
                        "omit the option to compute on the CPU");
        assertNothingIsLeft("none");
    }

    @Test
    void withoutADeviceAutoTakesTheCpu() throws IOException, InterruptedException {
        Cli.Result result = merge(Map.of("NO_DEVICE", "1"), "auto", "--device", "auto");

        assertThat(result.err())
                .contains("computing on the CPU (--device auto), since ", "CUDA_ERROR_NO_DEVICE");
        assertMerged(result, "auto");
    }

    @Test
    void withADeviceAutoTakesIt() throws IOException, InterruptedException {
        Cli.Result result = merge(Map.of(), "planned", "--device", "auto", "--dry-run");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err()).contains("computing on cuda:0 Emulated GPU (--device auto)");
    }

    @Test
    void aDriverThatIsTooOldIsNamed() throws IOException, InterruptedException {
        Cli.Result result = merge(Map.of("PTX_TOO_NEW", "1"), "old", "--cuda");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .contains("--cuda: there is no GPU to compute on", "driver", "is too old")
                .doesNotContain("\tat ");
        assertNothingIsLeft("old");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 60})
    void aFailureEndsTheMergeAndNamesTheTensor(int launch)
            throws IOException, InterruptedException {
        Cli.Result result =
                merge(Map.of("FAIL_AT", String.valueOf(launch)), "failed", "--device", "cuda");

        assertThat(result.code()).as(result.err()).isEqualTo(4);
        assertThat(result.err())
                .containsPattern("tensor '(model|lm_head)\\S+': the GPU could not compute it")
                .contains("CUDA_ERROR_", "merge without the GPU")
                .doesNotContain("\tat ");
        assertNothingIsLeft("failed");
    }

    @Test
    void memoryThatIsTooSmallForOneSegmentEndsTheMerge() throws IOException, InterruptedException {
        Cli.Result result =
                merge(
                        Map.of("MEMORY", "65536", "REPORTED_FREE", "1000000000"),
                        "crowded",
                        "--device",
                        "cuda");

        assertThat(result.code()).as(result.err()).isEqualTo(4);
        assertThat(result.err())
                .contains("CUDA_ERROR_OUT_OF_MEMORY", "end other programs that use the GPU");
        assertNothingIsLeft("crowded");
    }

    // Two threads; one segment takes about 2 MB and all of a large tensor 12 MB. In the least
    // memory
    // the threads must take turns.
    @ParameterizedTest
    @ValueSource(strings = {"9000000", "2500000"})
    void lessMemoryThanReportedMakesSmallerChunks(String memory)
            throws IOException, InterruptedException {
        Map<String, String> little = Map.of("MEMORY", memory, "REPORTED_FREE", "1000000000");

        assertMerged(
                merge(little, "of" + memory, "--device", "cuda", "-j", "1", "-v"), "of" + memory);
    }

    @ParameterizedTest
    @ValueSource(strings = {"LATE", "BACKWARDS"})
    void theOrderInWhichADeviceWorksShowsNowhere(String order)
            throws IOException, InterruptedException {
        assertMerged(merge(Map.of(order, "1"), order, "--device", "cuda"), order);
    }

    @Test
    void severalDevicesShareTheWork() throws IOException, InterruptedException {
        Cli.Result result = merge(Map.of("DEVICES", "2"), "several", "--multi-gpu", "-v");

        assertMerged(result, "several");
        assertThat(result.err())
                .contains("computing on cuda:0 Emulated GPU, cuda:1 Emulated GPU (--multi-gpu)");
        assertThat(gigabytesIn(result.err()))
                .hasSize(2)
                .allSatisfy((_, in) -> assertThat(in).isPositive());
    }

    @Test
    void oneOfSeveralDevicesCanBeChosen() throws IOException, InterruptedException {
        Cli.Result result = merge(Map.of("DEVICES", "2"), "second", "--device", "cuda:1", "-v");

        assertMerged(result, "second");
        assertThat(gigabytesIn(result.err())).containsOnlyKeys("cuda:1");
    }

    @Test
    void aDeviceThatIsNotThereIsRefusedWithThoseThatAre() throws IOException, InterruptedException {
        Cli.Result result = merge(Map.of("DEVICES", "2"), "seventh", "--device", "cuda:7");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .contains(
                        "--device cuda:7: there is no such GPU"
                                + " (expected cuda:0 to cuda:1, found cuda:7)");
        assertNothingIsLeft("seventh");
    }

    private static Cli.Result merge(Map<String, String> emulation, String output, String... options)
            throws IOException, InterruptedException {
        Map<String, String> environment = new HashMap<>(Cli.NO_HUB);
        emulation.forEach((name, value) -> environment.put("EMULATED_CUDA_" + name, value));
        List<String> args = new ArrayList<>(List.of("yaml", "recipe.yml", output));
        args.addAll(List.of(options));
        return JavaProcess.run(
                folder,
                environment,
                List.of("-Djmergekit.cuda.driver=" + driver),
                Main.class,
                args.toArray(String[]::new));
    }

    private static void assertMerged(Cli.Result result, String output) {
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(folder.resolve(output).resolve(WEIGHTS))
                .hasSameBinaryContentAs(folder.resolve("cpu").resolve(WEIGHTS));
    }

    private static void assertNothingIsLeft(String output) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .contains("base", "cpu")
                    .noneMatch(name -> name.contains(output));
        }
    }

    // By device, from the report.
    private static Map<String, Double> gigabytesIn(String err) {
        Matcher line = Pattern.compile("(cuda:\\d) Emulated GPU: ([\\d.]+) GB in").matcher(err);
        Map<String, Double> in = new HashMap<>();
        while (line.find()) {
            in.put(line.group(1), Double.parseDouble(line.group(2)));
        }
        return in;
    }
}
