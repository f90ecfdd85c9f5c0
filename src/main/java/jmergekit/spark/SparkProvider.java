package jmergekit.spark;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import jmergekit.cluster.Cluster;
import jmergekit.cluster.ClusterProvider;
import jmergekit.problem.Problem;

/// Apache Spark, if it is installed. This class uses none of Spark's classes, so it can report that
/// Spark is missing.
public final class SparkProvider implements ClusterProvider {
    /// Spark's own class, and one of a library that Spark needs to start.
    private static final List<String> NEEDED =
            List.of("org.apache.spark.SparkContext", "org.apache.hadoop.conf.Configuration");

    /// Called by the service loader.
    public SparkProvider() {}

    @Override
    public Optional<Problem> problem(String option, String address) {
        try {
            for (String name : NEEDED) {
                Class.forName(name, false, SparkProvider.class.getClassLoader());
            }
            return MasterAddress.problem(option, address);
        } catch (ClassNotFoundException e) {
            return Optional.of(
                    Problem.usage("SPARK_HOME", "Apache Spark was not found")
                            .expected("the folder of Spark 4.2, with its jars in 'jars'")
                            .hint(
                                    "'scripts/spark-home DIR' makes such a folder; then set"
                                            + " SPARK_HOME=DIR"));
        }
    }

    @Override
    public Cluster open(String option, String address, Map<String, String> settings) {
        return SparkCluster.open(option, address, settings);
    }
}
