package jmergekit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import jmergekit.method.MergeInput;
import jmergekit.method.MergeMethod;
import jmergekit.method.MergeMethods;
import jmergekit.method.MethodInfo;
import jmergekit.primitive.Combination.WeightedSum;
import jmergekit.primitive.Primitives;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What runs leave that are cancelled or fail.
class StoppedPlanTest {
    /// Sums, but for one tensor, which it cannot read.
    private static final class Unreadable implements MergeMethod {
        @Override
        public MethodInfo info() {
            return MethodInfo.named("unreadable", "Unreadable")
                    .summary("Fails.")
                    .formula("none")
                    .reference("none")
                    .build();
        }

        @Override
        public void merge(MergeInput input, Primitives primitives) {
            if (input.tensor().startsWith("model.norm")) {
                throw new MergeException(Problem.input(input.tensor(), "could not be read"));
            }
            primitives.combine(new WeightedSum(new double[input.sources()]));
        }
    }

    @TempDir private Path folder;

    private List<String> left(String folderName) throws Exception {
        Path inside = folder.resolve(folderName);
        try (Stream<Path> files = Files.list(inside)) {
            return files.map(f -> f.getFileName().toString())
                    .filter(n -> n.endsWith(".safetensors"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void aRunThatIsCancelledKeepsTheShardsThatOthersMade() throws Exception {
        try (Models models = Door.withModels(folder).open()) {
            MergePlan plan = models.plan(Door.ties(0.5), Door.SHARDED);
            plan.makePart(1, Path.of("out"));
            Cancellation cancellation = new Cancellation();
            Listener atSecondShard =
                    new Listener() {
                        private int count;

                        @Override
                        public synchronized void merged(String tensor, long bytes) {
                            if (++count == 8) {
                                cancellation.cancel();
                            }
                        }
                    };
            RunSettings settings =
                    RunSettings.defaults()
                            .threads(1)
                            .resume(true)
                            .listener(atSecondShard)
                            .cancellation(cancellation);

            assertThatThrownBy(() -> plan.write(Path.of("out"), settings))
                    .isInstanceOf(MergeCancelledException.class);
            assertThat(folder.resolve("out")).doesNotExist();
            assertThat(left("out.partial")).containsExactly(plan.shards().get(1));
            plan.write(Path.of("out"), RunSettings.defaults().resume(true));
        }
    }

    @Test
    void aFailedReadKeepsTheShardsThatAreFinished() throws Exception {
        Door.withModels(folder);
        MergeMethods methods = MergeMethods.builtIn().with(new Unreadable());
        ModelSettings settings = ModelSettings.defaults().offline(true);
        Recipe recipe = Recipe.merge("unreadable").model("base").model("chat").build();
        try (Models models = new Models(folder, settings, methods)) {
            MergePlan plan = models.plan(recipe, Door.SHARDED);
            plan.makePart(0, Path.of("out"));

            assertThatThrownBy(() ->
                            plan.write(
                                    Path.of("out"), RunSettings.defaults().threads(1).resume(true)))
                    .isInstanceOf(MergeFailedException.class)
                    .hasMessageContaining("could not be read");
            assertThat(left("out.partial")).contains(plan.shards().get(0)).hasSizeGreaterThan(1);
        }
    }
}
