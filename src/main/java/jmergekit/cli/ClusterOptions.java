package jmergekit.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import picocli.CommandLine.Option;

/// What a cluster is told besides its jobs.
final class ClusterOptions {
    private static final String PREFIX = "spark.";

    @Option(
            names = "--conf",
            paramLabel = "KEY=VALUE",
            description =
                    "A setting of Spark, such as spark.task.cpus=2. May be repeated; goes before"
                            + " spark-defaults.conf.")
    private Map<String, String> settings = new LinkedHashMap<>();

    Map<String, String> settings() {
        return settings;
    }

    void check(Problems problems) {
        settings.keySet().stream()
                .filter(key -> !key.startsWith(PREFIX))
                .forEach(key ->
                        problems.add(
                                Problem.usage("--conf", "this is no setting of Spark")
                                        .expected("spark.…=VALUE")
                                        .found("'" + key + "'")));
    }
}
