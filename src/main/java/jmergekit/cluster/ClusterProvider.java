package jmergekit.cluster;

import java.util.Map;
import java.util.Optional;
import jmergekit.problem.Problem;

/// A provider of clusters. Found by [java.util.ServiceLoader].
public interface ClusterProvider {
    /// What is missing in this process, or wrong with the address. The cluster itself is not
    /// contacted.
    Optional<Problem> problem(String option, String address);

    /// Requests processes.
    ///
    /// @param option the option that gave the address
    /// @param settings the provider's own settings
    /// @throws jmergekit.problem.MergeException if there are none at the address
    Cluster open(String option, String address, Map<String, String> settings);
}
