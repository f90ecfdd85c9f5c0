package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import jmergekit.fixture.Cli;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyModel.Values;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Small versions of what users of merge tools have reported about wrong numbers, end to end.
class NumberCasesTest {
    private static final String LARGE = "model.layers.0.self_attn.q_proj.weight";
    private static final int ELEMENTS = 400 * 400;

    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({"F16,float16,1", "F16,float16,300", "BF16,bfloat16,1", "F32,float32,300"})
    void tiesRescalesALargeTensorOfEqualsWithoutOverflow(String stored, String dtype, float value)
            throws IOException {
        writeEqualChanges(stored, value);

        float[] data = mergeTwice("ties", dtype);

        assertThat(count(data, 0)).isEqualTo(ELEMENTS / 2);
        assertThat(count(data, 2 * value)).isEqualTo(ELEMENTS / 2);
    }

    @ParameterizedTest
    @CsvSource({
        "dare_linear,F16,float16,1",
        "dare_linear,F16,float16,300",
        "dare_linear,BF16,bfloat16,300",
        "dare_ties,F16,float16,300",
        "della,F16,float16,300",
        "della_linear,F16,float16,1",
        "della_linear,F16,float16,300",
        "della_linear,BF16,bfloat16,1"
    })
    void randomDropsRescaleALargeTensorWithoutOverflow(
            String method, String stored, String dtype, float value) throws IOException {
        writeEqualChanges(stored, value);

        float[] data = mergeTwice(method, dtype);

        long kept = ELEMENTS - count(data, 0);
        assertThat((double) kept).isCloseTo(ELEMENTS / 2.0, within(1000.0));
        double rescaled = (double) value * ELEMENTS / kept;
        double rounding = rescaled * (stored.equals("F16") ? 0x1p-11 : 0x1p-8);
        for (float x : data) {
            if (x != 0 && Math.abs(x - rescaled) > rounding) {
                assertThat(x).isEqualTo((float) rescaled);
            }
        }
    }

    @Test
    void emptySelectionOfSceIsTheBaseBitForBit() throws IOException {
        writeFineTunes();

        Map<String, Values> out = mergeSce(0);

        Map<String, Values> base = TinyModel.read(folder.resolve("base"));
        assertThat(out).hasSameSizeAs(base);
        base.forEach((name, values) -> assertSame(name, out.get(name), values));
    }

    @Test
    void selectionOfSceIsRoundedDownForEachTensor() throws IOException {
        writeFineTunes();

        Map<String, Values> out = mergeSce(0.01);

        Map<String, Values> base = TinyModel.read(folder.resolve("base"));
        Map<String, Values> a = TinyModel.read(folder.resolve("A"));
        Map<String, Values> b = TinyModel.read(folder.resolve("B"));
        for (String name : base.keySet()) {
            float[] before = base.get(name).data();
            long varying = differing(a.get(name).data(), b.get(name).data());
            assertThat(out.get(name).shape()).isEqualTo(base.get(name).shape());
            assertThat(differing(out.get(name).data(), before))
                    .as(name)
                    .isEqualTo((long) (0.01 * varying));
            if (before.length == 32) {
                assertSame(name, out.get(name), base.get(name));
            }
        }
    }

    // One tensor that is 0 in the base and everywhere the same in the fine-tune.
    private void writeEqualChanges(String stored, float value) {
        float[] changed = new float[ELEMENTS];
        Arrays.fill(changed, value);
        tiny(new float[ELEMENTS]).write(folder.resolve("base"), stored);
        tiny(changed).write(folder.resolve("A"), stored);
    }

    private static TinyModel tiny(float[] large) {
        return TinyModel.llama(1, 8, true, 0).with(LARGE, List.of(400, 400), large);
    }

    // The same on one thread and on several.
    private float[] mergeTwice(String method, String dtype) throws IOException {
        String recipe =
                """
                merge_method: %s
                base_model: ./base
                models: [{model: ./A, parameters: {weight: 1.0, density: 0.5}}]
                parameters: {rescale: true, normalize: true}
                dtype: %s
                """
                        .formatted(method, dtype);
        Path out = merge(recipe, "out", "-j", "4");
        Path again = merge(recipe, "again", "-j", "1");
        String file = "model.safetensors";
        assertThat(Files.mismatch(out.resolve(file), again.resolve(file))).isEqualTo(-1);
        return TinyModel.read(out).get(LARGE).data();
    }

    private void writeFineTunes() {
        TinyModel base = TinyModel.llama(4, 96, false, 0).write(folder.resolve("base"), "F32");
        base.tuned(1).write(folder.resolve("A"), "F32");
        base.tuned(2).write(folder.resolve("B"), "F32");
    }

    private Map<String, Values> mergeSce(double selectTopk) throws IOException {
        String recipe =
                """
                merge_method: sce
                base_model: ./base
                models: [{model: ./A}, {model: ./B}]
                parameters: {select_topk: %s}
                dtype: float32
                """
                        .formatted(selectTopk);
        return TinyModel.read(merge(recipe, "out"));
    }

    private Path merge(String recipe, String out, String... threads) throws IOException {
        Files.writeString(folder.resolve("recipe.yml"), recipe);
        String[] args = Arrays.copyOf(new String[] {"yaml", "recipe.yml", out}, 3 + threads.length);
        System.arraycopy(threads, 0, args, 3, threads.length);
        Cli.Result result = Cli.run(folder, args);
        assertThat(result.code()).as(result.err()).isZero();
        return folder.resolve(out);
    }

    private static void assertSame(String name, Values values, Values expected) {
        assertThat(values.shape()).as(name).isEqualTo(expected.shape());
        assertThat(values.data()).as(name).isEqualTo(expected.data());
    }

    private static long count(float[] data, float value) {
        return IntStream.range(0, data.length).filter(i -> data[i] == value).count();
    }

    private static long differing(float[] a, float[] b) {
        return IntStream.range(0, a.length).filter(i -> a[i] != b[i]).count();
    }
}
