package jmergekit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import jmergekit.MergePlan;
import jmergekit.ModelSettings;
import jmergekit.Models;
import jmergekit.PlanSettings;
import jmergekit.Recipe;
import jmergekit.fixture.TinyModel;
import jmergekit.problem.ExitCode;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalClusterTest {
    private static final PlanSettings SHARDED = PlanSettings.defaults().shardBytes(20_000);

    /// Hears what is finished.
    private static final class Ear implements Cluster.Watcher {
        private final List<Integer> finished = new ArrayList<>();

        @Override
        public void finished(int job) {
            finished.add(job);
        }

        @Override
        public void note(String line) {}
    }

    /// Doubles a number; of 13 it is refused.
    private record Double(int number) implements Job<Integer> {
        @Override
        public String name() {
            return "number " + number;
        }

        @Override
        public Integer run(Attempt attempt) {
            if (number == 13) {
                throw new MergeException(
                        List.of(
                                Problem.input("a", "is odd").asWarning(),
                                Problem.output("13", "brings bad luck").hint("take 12")));
            }
            return 2 * number * attempt.threads();
        }
    }

    private static List<Double> numbers(int first, int end) {
        return IntStream.range(first, end).mapToObj(Double::new).toList();
    }

    @Test
    void resultsComeInTheOrderOfTheJobs() {
        Ear ear = new Ear();
        try (LocalCluster cluster = new LocalCluster(3, 5)) {
            assertThat(cluster.run(numbers(1, 6), ear)).containsExactly(10, 20, 30, 40, 50);
        }
        assertThat(ear.finished).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
    }

    @Test
    void noJobsAreDoneAtOnce() {
        assertThat(new LocalCluster(1, 1).run(List.<Double>of(), new Ear())).isEmpty();
    }

    @Test
    void aRefusalNamesTheJobAndKeepsItsCode() {
        assertThatThrownBy(() -> new LocalCluster(2, 1).run(numbers(10, 20), new Ear()))
                .isInstanceOfSatisfying(
                        MergeException.class,
                        e -> assertThat(e.exitCode()).isEqualTo(ExitCode.OUTPUT))
                .hasMessage("number 13 on this machine: 13: brings bad luck; take 12");
    }

    /// Waits until it is stopped.
    private record Endless(String name) implements Job<String> {
        private static final CountDownLatch BEGUN = new CountDownLatch(1);

        @Override
        public String run(Attempt attempt) {
            BEGUN.countDown();
            while (!attempt.cancellation().isCancelled()) {
                Thread.onSpinWait();
            }
            return "stopped";
        }
    }

    /// Fails when the other one has begun.
    private record Broken(String name) implements Job<String> {
        @Override
        public String run(Attempt attempt) {
            try {
                Endless.BEGUN.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new IllegalArgumentException("broken");
        }
    }

    @Test
    void aDefectStopsTheOthersAndIsShownWithItsPlace() {
        List<Job<String>> jobs = List.of(new Endless("a"), new Broken("b"));

        assertThatThrownBy(() -> new LocalCluster(2, 1).run(jobs, new Ear()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith(
                        "b on this machine: java.lang.IllegalArgumentException: broken")
                .hasMessageContaining("at jmergekit.cluster.LocalClusterTest");
    }

    @Test
    void shardsThatAreThereGetNoJob() {
        Cluster.Shared<SharedPlan> plan =
                new LocalCluster(1, 1).share(new SharedPlan("here", null, "{}"));
        List<ShardJob> jobs =
                ShardJob.of(plan, List.of("a", "b", "c"), Set.of("b"), "out", 4, false, true);

        assertThat(jobs).extracting(ShardJob::name).containsExactly("a", "c");
        assertThat(jobs).extracting(ShardJob::shard).containsExactly(0, 2);
    }

    @Test
    void twoAttemptsAtEachShardGiveTheBytesOfASingleRun(@TempDir Path folder) throws Exception {
        TinyModel base = TinyModel.llama(3, 40, false, 0).write(folder.resolve("a"), "F32");
        base.tuned(1).write(folder.resolve("b"), "F32");
        Recipe recipe =
                Recipe.merge("linear")
                        .model("a", p -> p.set("weight", 1))
                        .model("b", p -> p.set("weight", 2))
                        .build();
        try (Models models =
                        Models.open(
                                folder,
                                ModelSettings.defaults()
                                        .offline(true)
                                        .cache(folder.resolve("no")));
                LocalCluster cluster = new LocalCluster(4, 1)) {
            MergePlan plan = models.plan(recipe, SHARDED);
            plan.write(Path.of("single"));
            Cluster.Shared<SharedPlan> shared =
                    cluster.share(new SharedPlan(folder.toString(), null, plan.toJson()));
            List<ShardJob> once =
                    ShardJob.of(shared, plan.shards(), Set.of(), "parts", 0, false, true);
            List<ShardJob> twice = once.stream().flatMap(j -> Stream.of(j, j)).toList();

            assertThat(cluster.run(twice, new Ear())).contains(true);
            plan.publish(Path.of("parts"));
        }

        assertThat(files(folder.resolve("parts"))).isEqualTo(files(folder.resolve("single")));
        assertThat(folder.resolve("parts.partial")).doesNotExist();
    }

    private static Map<String, Long> files(Path folder) throws Exception {
        Map<String, Long> checksums = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".safetensors")).toList()) {
                CRC32C sum = new CRC32C();
                sum.update(Files.readAllBytes(file));
                checksums.put(String.valueOf(file.getFileName()), sum.getValue());
            }
        }
        return checksums;
    }
}
