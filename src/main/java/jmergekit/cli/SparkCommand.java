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

/// Merges models on a cluster of Apache Spark: plans here, makes the shards there, and publishes here.
@Command(
        name = "spark",
        aliases = "mergekit-spark",
        description =
                "Merges models as a YAML recipe says, on a cluster of Apache Spark: each shard of the"
                        + " output is a task.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class SparkCommand implements Callable<Integer>, PlannedCommand {
    /// As spark-submit tells it to the programs it starts.
    private static final String MASTER = "spark.master";

    private final Console console;

    @Mixin private RecipePaths paths;

    @Option(
            names = "--master",
            paramLabel = "URL",
            description =
                    "The cluster: spark://HOST:PORT, local-cluster[N,CORES,MEMORY], yarn, k8s://…, or"
                            + " local[N] for threads of this process. Default: what spark-submit says.")
    private Optional<String> master = Optional.empty();

    @Mixin private ClusterOptions settings;
    @Mixin private RunOptions run;

    SparkCommand(Console console) {
        this.console = console;
    }

    /// The command, with what it says of options that are not about the executors.
    static CommandSpec spec(Console console) {
        return SharedOptions.described(
                CommandSpec.forAnnotatedObject(new SparkCommand(console)),
                Map.of(
                        "--num-threads",
                        "Threads of this process, which plans and publishes. A task has as many as"
                                + " spark.task.cpus says."));
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
                    Problem.usage("--device, --cuda", "mergekit spark computes on the CPU")
                            .hint("leave the option out"));
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
