package jmergekit.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import jmergekit.engine.Progress;
import jmergekit.fixture.LocalModels;
import jmergekit.fixture.TinyModel;
import jmergekit.linalg.RankRule;
import jmergekit.model.ModelFolder;
import jmergekit.model.ModelReference;
import jmergekit.plan.Source;
import jmergekit.plan.TensorTask;
import jmergekit.plan.Work;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problems;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What an extraction reads, and what the plan of its adapter reads in turn.
class ExtractionInputsTest {
    private static final String PREFIX = "base_model.model.model.";
    private static final String NORM = "model.norm.weight";

    @TempDir private Path folder;

    @BeforeEach
    void writeModels() {
        TinyModel.llama(1, 8, false, 0).write(folder.resolve("base"), "F32");
        TinyModel.llama(1, 8, false, 0).tuned(1).write(folder.resolve("tuned"), "F32");
    }

    private ExtractionResult compute(Progress progress) {
        ModuleFilter all = new ModuleFilter(List.of(), List.of(), List.of());
        ExtractionOptions options =
                new ExtractionOptions(
                        new RankRule(2, 1, 0), true, false, all, false, false, false, 0);
        Problems problems = new Problems();
        ExtractionPlan plan =
                new ExtractionPlanner(open("tuned"), open("base"), options, problems).plan();
        problems.throwIfErrors();
        return new Extraction(plan, 1, progress).compute(folder.resolve("scratch"));
    }

    private ModelFolder open(String name) {
        ModelReference reference = ModelReference.parse(name, _ -> true);
        return ModelFolder.open(reference, LocalModels.in(folder), new Problems()).orElseThrow();
    }

    @Test
    void factorsAreInTheScratchFileAndTheRestInTheFineTune() throws IOException {
        ExtractionResult result = compute((_, _) -> {});

        assertThat(result.tasks()).extracting(TensorTask::work).containsOnly(new Work.Copy());
        assertThat(stored(result, PREFIX + "layers.0.mlp.up_proj.lora_A.weight").file())
                .satisfies(f -> {
                    assertThat(f.folder()).isEmpty();
                    assertThat(f.name()).isEqualTo("scratch");
                    assertThat(f.bytes()).isEqualTo(Files.size(folder.resolve("scratch")));
                });
        Source.Stored norm = stored(result, PREFIX + "norm.weight");
        assertThat(norm.file().folder()).isEqualTo("tuned");
        assertThat(norm.spec().name()).isEqualTo(NORM);
    }

    private static Source.Stored stored(ExtractionResult result, String tensor) {
        return result.tasks().stream()
                .filter(t -> t.output().name().equals(tensor))
                .flatMap(t -> t.sources().getFirst().stored())
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tuned/model.safetensors", "base/model.safetensors"})
    void aFileThatIsWrittenToMeanwhileIsRefused(String file) {
        Path changed = folder.resolve(file);

        assertThatThrownBy(() -> compute((_, _) -> append(changed)))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining(changed + ": changed while it was in use");
    }

    private static void append(Path file) {
        try {
            Files.write(file, new byte[4], StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
