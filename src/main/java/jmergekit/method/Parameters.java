package jmergekit.method;

import java.util.List;
import java.util.Map;

/// The values of a method's parameters for one tensor, everything resolved.
///
/// @param global by parameter name
/// @param perSource for each source, by parameter name. A source that needs no value, such as the
///     base of a task vector method, may lack it.
public record Parameters(Map<String, Double> global, List<Map<String, Double>> perSource) {
    public Parameters {
        global = Map.copyOf(global);
        perSource = perSource.stream().map(Map::copyOf).toList();
    }
}
