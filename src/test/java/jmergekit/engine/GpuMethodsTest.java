package jmergekit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import jmergekit.fixture.RequiresGpu;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// Every merge method gives on a GPU what it gives on the CPU.
@RequiresGpu
class GpuMethodsTest {
    /// All but `iso_c`, whose polar factors a GPU computes by another algorithm: `DevicePolarTest`
    /// compares these. The emulation would take an hour for the large matrix.
    static final List<String> METHODS =
            MethodRuns.METHODS.stream().filter(method -> !method.equals("iso_c")).toList();

    /// Methods whose factors come out of sums, which a GPU adds up in another order: a factor can
    /// round to the neighbouring float32, and an element then to the neighbouring bfloat16.
    private static final Set<String> OF_SUMS =
            Set.of(
                    "arcee_fusion",
                    "breadcrumbs",
                    "breadcrumbs_ties",
                    "della",
                    "della_linear",
                    "geometric_median",
                    "karcher",
                    "model_stock",
                    "multislerp",
                    "nuslerp",
                    "sce",
                    "slerp",
                    "ties");

    /// The share of elements that may be one bfloat16 step off.
    private static final double MOST_OFF = 1e-4;

    @TempDir private static Path folder;

    @BeforeAll
    static void mergeOnTheCpu() throws IOException {
        MethodRuns.writeModels(folder);
        MethodRuns.main(new String[] {folder.toString(), folder.resolve("cpu").toString(), "2"});
    }

    @ParameterizedTest
    @FieldSource("METHODS")
    void theGpuGivesWhatTheCpuGives(String method) throws IOException {
        Path expected = folder.resolve("cpu").resolve(method).resolve("model.safetensors");

        Path actual = MethodRuns.run(method, folder, folder.resolve("gpu"), "2", "cuda");

        if (OF_SUMS.contains(method)) {
            assertAlmostEqual(actual, expected);
        } else {
            assertThat(actual).hasSameBinaryContentAs(expected);
        }
    }

    @ParameterizedTest
    @FieldSource("METHODS")
    void theGpuGivesTheSameEveryTime(String method) throws IOException {
        Path once = MethodRuns.run(method, folder, folder.resolve("once"), "2", "cuda");
        Path again = MethodRuns.run(method, folder, folder.resolve("again"), "7", "cuda");

        assertThat(once).hasSameBinaryContentAs(again);
    }

    // Both files have the same header, and nothing but bfloat16 behind it.
    private static void assertAlmostEqual(Path actual, Path expected) throws IOException {
        ByteBuffer ours = ByteBuffer.wrap(Files.readAllBytes(actual));
        ByteBuffer theirs = ByteBuffer.wrap(Files.readAllBytes(expected));
        ours.order(ByteOrder.LITTLE_ENDIAN);
        theirs.order(ByteOrder.LITTLE_ENDIAN);
        int start = Math.toIntExact(8 + theirs.getLong(0));
        assertThat(ours.slice(0, start)).isEqualTo(theirs.slice(0, start));
        assertThat(ours.capacity()).isEqualTo(theirs.capacity());

        int off = 0;
        int worst = 0;
        for (int at = start; at < ours.capacity(); at += 2) {
            int steps = Math.abs(ours.getShort(at) - theirs.getShort(at));
            off += steps == 0 ? 0 : 1;
            worst = Math.max(worst, steps);
        }
        assertThat(worst).as("steps of bfloat16").isLessThanOrEqualTo(1);
        assertThat((double) off * 2 / (ours.capacity() - start)).isLessThan(MOST_OFF);
    }
}
