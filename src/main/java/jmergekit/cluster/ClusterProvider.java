package jmergekit.cluster;

import java.util.Map;
import java.util.Optional;
import jmergekit.problem.Problem;

/// Something that has clusters. Found by [java.util.ServiceLoader].
public interface ClusterProvider {
    /// What is missing in this process, or wrong with the address. Nobody is asked whether there is a
    /// cluster.
    Optional<Problem> problem(String option, String address);

    /// Asks for processes.
    ///
    /// @param option that named the address
    /// @param settings of the provider's own
    /// @throws jmergekit.problem.MergeException if there are none at the address
    Cluster open(String option, String address, Map<String, String> settings);
}
