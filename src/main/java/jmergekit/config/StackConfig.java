package jmergekit.config;

import java.util.List;
import java.util.Optional;
import jmergekit.model.ModelReference;

/// Blocks of layers of several models, some of which are stacked in some order.
///
/// @param blocks at least one
/// @param order whether their order is searched
/// @param repeat how often a block may be there
public record StackConfig(
        List<StackBlock> blocks,
        boolean order,
        int repeat,
        Optional<Located<ModelReference>> baseModel,
        Optional<Located<String>> tokenizerSource,
        Optional<Located<String>> dtype)
        implements SearchSubject {
    public StackConfig {
        blocks = List.copyOf(blocks);
    }
}
