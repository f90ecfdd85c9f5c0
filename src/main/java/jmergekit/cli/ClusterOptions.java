package jmergekit.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import picocli.CommandLine.Option;

/// Settings passed to a cluster.
final class ClusterOptions {
    private static final String PREFIX = "spark.";

    @Option(
            names = "--conf",
            paramLabel = "KEY=VALUE",
            description =
                    "A Spark setting, such as spark.task.cpus=2. May be repeated; overrides "
                            + "spark-defaults.conf.")
    private Map<String, String> settings = new LinkedHashMap<>();

    Map<String, String> settings() {
        return settings;
    }

    void check(Problems problems) {
        settings.keySet().stream()
                .filter(key -> !key.startsWith(PREFIX))
                .forEach(key ->
                        problems.add(
                                Problem.usage("--conf", "this is not a Spark setting")
                                        .expected("spark.…=VALUE")
                                        .found("'" + key + "'")));
    }
}
