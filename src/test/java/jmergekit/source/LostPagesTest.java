package jmergekit.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import jmergekit.fixture.Cli;
import jmergekit.fixture.JavaProcess;
import jmergekit.fixture.TinyModel;
import jmergekit.tile.TileOps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A file that is cut short while it is mapped must not end the virtual machine.
class LostPagesTest {
    /// As the launcher has it.
    private static final List<String> COMPILED =
            List.of(
                    "-XX:CompileCommand=quiet",
                    "-XX:CompileCommand=BackgroundCompilation,jmergekit.tile.Vector*::*,false",
                    "-XX:CompileCommand=dontinline,jmergekit.tile.VectorBf16::*",
                    "-XX:-CreateCoredumpOnCrash");

    @TempDir private Path folder;

    @Test
    void readingThemIsAnErrorInJavaForEveryDtype() throws IOException, InterruptedException {
        int elements = 16 * TileOps.TILE;
        TinyModel model = TinyModel.of("LlamaForCausalLM", "llama");
        List<String> dtypes = List.of("BF16", "F16", "F32", "F8_E4M3", "U8", "I8");
        for (String dtype : dtypes) {
            model.with(dtype, List.of(elements), new float[elements], dtype);
        }
        model.write(folder.resolve("m"), "F32");

        Cli.Result result =
                JavaProcess.run(
                        folder,
                        Map.of(),
                        COMPILED,
                        LostPages.class,
                        folder.resolve("m/model.safetensors").toString());

        assertThat(result.code()).as(result.out() + result.err()).isZero();
        assertThat(result.out().lines())
                .containsExactlyInAnyOrderElementsOf(
                        dtypes.stream()
                                .flatMap(dtype ->
                                        Collections.nCopies(
                                                LostPages.readings(dtype).size(),
                                                dtype + " InternalError")
                                                .stream())
                                .toList());
    }
}
