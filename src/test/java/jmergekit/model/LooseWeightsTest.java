package jmergekit.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jmergekit.fixture.LocalModels;
import jmergekit.fixture.LooseFile;
import jmergekit.problem.Problems;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LooseWeightsTest {
    @TempDir private Path folder;

    private LooseWeights open(String path) {
        Problems problems = new Problems();
        LooseWeights weights =
                LooseWeights.open(ModelReference.of(path), LocalModels.in(folder), problems)
                        .orElseThrow();
        assertThat(problems.all()).isEmpty();
        return weights;
    }

    @Test
    void ofAFileAloneOnlyItsOwnStateCounts() throws IOException {
        Files.createDirectory(folder.resolve("sub"));
        new LooseFile().floats("w", List.of(1), 1).write(folder.resolve("a.safetensors"));
        Files.writeString(folder.resolve("config.json"), "{}");

        LooseWeights weights = open("sub/../a.safetensors");

        // A run looks at these again before it publishes.
        assertThat(weights.state().files().keySet()).containsExactlyElementsOf(weights.files());
        assertThat(weights.checkpoint().folder()).isEqualTo(folder);
        InputFile file = weights.inputFile(weights.checkpoint().headers().getFirst());
        assertThat(file.folder()).isEqualTo("sub/../a.safetensors");
        assertThat(file.name()).isEqualTo("a.safetensors");
    }
}
