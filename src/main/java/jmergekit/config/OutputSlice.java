package jmergekit.config;

import java.util.List;
import java.util.Optional;
import jmergekit.model.ModelReference;
import jmergekit.problem.Location;

/// Consecutive layers of the output, merged from the same number of layers of each source. Its own
/// base model, if any, replaces the recipe's.
public record OutputSlice(
        List<SliceSource> sources,
        Optional<Located<ModelReference>> baseModel,
        ParameterSet parameters,
        Location at) {
    public OutputSlice {
        sources = List.copyOf(sources);
    }
}
