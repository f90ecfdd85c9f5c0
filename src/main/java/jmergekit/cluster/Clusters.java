package jmergekit.cluster;

import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;

/// Clusters by their addresses.
public final class Clusters {
    private Clusters() {}

    /// What stops this process from using the cluster.
    public static Optional<Problem> problem(String option, String address) {
        return provider().problem(option, address);
    }

    /// Requests processes.
    ///
    /// @param option the option that gave the address
    /// @param address such as `spark://host:7077`
    /// @param settings such as `spark.task.cpus`
    /// @throws MergeException if there is no cluster, or none can be used here
    public static Cluster open(String option, String address, Map<String, String> settings) {
        ClusterProvider provider = provider();
        Optional<Problem> problem = provider.problem(option, address);
        if (problem.isPresent()) {
            throw new MergeException(problem.get());
        }
        return provider.open(option, address, settings);
    }

    private static ClusterProvider provider() {
        return ServiceLoader.load(ClusterProvider.class, ClusterProvider.class.getClassLoader())
                .findFirst()
                .orElseThrow();
    }
}
