package jmergekit.config;

import java.util.List;
import java.util.Optional;
import jmergekit.model.ModelReference;

/// Blocks of layers from several models, of which a search stacks some in some order.
///
/// @param blocks at least one
/// @param order whether the order is searched
/// @param repeat how often a block may occur
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
