package jmergekit.cli;

import java.util.Optional;
import jmergekit.cluster.Cluster;
import jmergekit.cluster.Clusters;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Where `evolve` makes and scores models, if not in this process.
final class EvolveCluster {
    private static final String OPTION = "--cluster";

    @Option(
            names = OPTION,
            paramLabel = "URL",
            description =
                    "Make and score candidates on an Apache Spark cluster: spark://HOST:PORT, or "
                            + "any other form accepted by mergekit spark --master.")
    private Optional<String> address = Optional.empty();

    @Mixin private ClusterOptions settings;

    boolean isAsked() {
        return address.isPresent();
    }

    void check(EvolveOptions options, Problems problems) {
        settings.check(problems);
        address.flatMap(a -> Clusters.problem(OPTION, a)).ifPresent(problems::add);
        if (isAsked() && options.gpus > 0) {
            problems.add(
                    Problem.usage("--num-gpus", "the option contradicts " + OPTION)
                            .hint("omit one of them"));
        }
    }

    /// Starts the cluster's processes.
    Cluster open() {
        return Clusters.open(OPTION, address.orElseThrow(), settings.settings());
    }
}
