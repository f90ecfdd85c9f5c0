package jmergekit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import jmergekit.cpu.CpuExecutor;
import jmergekit.fixture.LocalModels;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyTokenizer;
import jmergekit.method.MergeMethods;
import jmergekit.planner.OpenedModels;
import jmergekit.planner.PlanOptions;
import jmergekit.publish.OutputFolder;
import jmergekit.publish.OutputPlace;
import jmergekit.shards.Sharding;
import jmergekit.threads.Cancellation;
import jmergekit.tile.TileOps;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a run found of NaN in shards that it finished is known to the run that resuming from them.
class ResumedFindingsTest {
    private static final String EMBEDDINGS = "model.embed_tokens.weight";

    @TempDir private Path folder;
    private BoundPlan plan;

    @BeforeEach
    void stopARun() {
        TinyTokenizer.of(List.of("x", "y")).write(folder.resolve("a"));
        float[] rows = TinyModel.llama(2, 16, false, 0).data(EMBEDDINGS).clone();
        rows[5] = Float.NaN;
        TinyModel.llama(2, 16, false, 0)
                .with(EMBEDDINGS, List.of(16, 32), rows)
                .write(folder.resolve("a"), "F32");
        TinyModel.llama(2, 16, false, 0).tuned(1).write(folder.resolve("b"), "F32");
        plan =
                PlanRuns.bound(
                        PlanRuns.merge(
                                folder,
                                """
                                merge_method: linear
                                models: [{model: ./a}, {model: ./b}]
                                parameters: {weight: 1}
                                """,
                                new PlanOptions(
                                        LocalModels.in(folder),
                                        new OpenedModels(),
                                        MergeMethods.builtIn(),
                                        false,
                                        Sharding.safetensors(10_000),
                                        0)));
        AtomicInteger made = new AtomicInteger();
        Progress stop =
                (_, _) -> {
                    if (made.incrementAndGet() == 8) {
                        throw new IllegalStateException("stopped");
                    }
                };
        assertThatThrownBy(() -> run(false, stop)).hasMessageContaining("stopped");
    }

    private NonFiniteReport run(boolean resume, Progress progress) {
        PlanRun run =
                new PlanRun(
                        plan,
                        MergeMethods.builtIn(),
                        RunThreads.of(1),
                        new CpuExecutor(TileOps.best()),
                        progress,
                        new Cancellation());
        OutputPlace place = OutputPlace.of(folder.resolve("out"), false, false);
        new FolderRun(plan, run)
                .write(
                        OutputFolder.create(place, FolderRun.record(plan), resume),
                        (_, planned) -> planned);
        return new NonFiniteReport(run.findings().nonFinite());
    }

    @Test
    void theNextRunKnowsWhatWasFound() throws IOException {
        assertThat(notes()).isNotEmpty();

        assertThat(run(true, (_, _) -> {}).line().orElseThrow()).contains("1 values in 1 tensors");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "garbage",
                "{}",
                "null",
                "5",
                "[1]",
                "{\"non_finite\":[{\"tensor\":\"zz\"}],\"quantised\":[]}"
            })
    void aShardWhoseNoteIsDamagedIsMadeAgain(String note) throws IOException {
        for (Path file : notes()) {
            Files.writeString(
                    file,
                    Files.readString(file)
                            .replaceFirst(
                                    "\"note\":\"(\\\\.|[^\"\\\\])*\"",
                                    "\"note\":\"" + note.replace("\"", "\\\\\\\"") + "\""));
        }

        assertThat(run(true, (_, _) -> {}).line().orElseThrow()).contains("1 values in 1 tensors");
        assertThat(folder.resolve("out/config.json")).exists();
    }

    private List<Path> notes() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("out.partial/.jmergekit-run"))) {
            return files.filter(f -> f.getFileName().toString().startsWith("model")).toList();
        }
    }
}
