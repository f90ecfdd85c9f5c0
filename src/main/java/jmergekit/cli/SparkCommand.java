package jmergekit.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import jmergekit.cluster.Clusters;
import jmergekit.config.MergeConfig;
import jmergekit.output.PlannedOutput;
import jmergekit.planner.PlanOptions;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/// Merges models on an Apache Spark cluster: plans and publishes in this process, and makes the
/// shards on the cluster.
@Command(
        name = "spark",
        aliases = "mergekit-spark",
        description =
                "Merges models according to a YAML recipe on an Apache Spark cluster, with one "
                        + "task per shard of the output.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class SparkCommand implements Callable<Integer>, PlannedCommand {
    /// The system property that spark-submit sets.
    private static final String MASTER = "spark.master";

    private final Console console;

    @Mixin private RecipePaths paths;

    @Option(
            names = "--master",
            paramLabel = "URL",
            description =
                    "The cluster: spark://HOST:PORT, local-cluster[N,CORES,MEMORY], yarn, "
                            + "k8s://…, or local[N] for threads in this process. Default: the "
                            + "master set by spark-submit.")
    private Optional<String> master = Optional.empty();

    @Mixin private ClusterOptions settings;
    @Mixin private RunOptions run;

    SparkCommand(Console console) {
        this.console = console;
    }

    /// The command, with help texts for options that do not apply to the executors.
    static CommandSpec spec(Console console) {
        return SharedOptions.described(
                CommandSpec.forAnnotatedObject(new SparkCommand(console)),
                Map.of(
                        "--num-threads",
                        "Number of threads of this process, which plans and publishes. A task "
                                + "uses spark.task.cpus threads."));
    }

    @Override
    public Integer call() {
        return run.make(this, console);
    }

    @Override
    public String output() {
        return paths.output;
    }

    @Override
    public List<Path> read() {
        return paths.read(console);
    }

    @Override
    public PlannedOutput plan(PlanOptions options, Problems problems) {
        settings.check(problems);
        if (run.devices.ignored("mergekit spark").isPresent()) {
            problems.add(
                    Problem.usage("--device, --cuda", "mergekit spark only computes on the CPU")
                            .hint("omit the option"));
        }
        if (!run.dryRun) {
            checkMaster(problems);
        }
        MergeConfig config = paths.merge(console, problems);
        return run.planner(options, problems).merge(config);
    }

    private void checkMaster(Problems problems) {
        master().flatMap(address -> Clusters.problem("--master", address))
                .or(() -> master().isEmpty() ? Optional.of(missing()) : Optional.empty())
                .ifPresent(problems::add);
        problems.throwIfErrors();
    }

    private static Problem missing() {
        return Problem.usage("--master", "the option is missing")
                .expected("the cluster, such as spark://HOST:7077");
    }

    private Optional<String> master() {
        return master.or(() -> Optional.ofNullable(System.getProperty(MASTER)));
    }

    @Override
    public Optional<ShardMaker> elsewhere() {
        String address = master().orElseThrow();
        return Optional.of(
                new ClusterShards(() -> Clusters.open("--master", address, settings.settings())));
    }
}
