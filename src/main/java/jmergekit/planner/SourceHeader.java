package jmergekit.planner;

import java.nio.file.Path;
import jmergekit.plan.Source;
import jmergekit.weights.WeightHeader;

/// Tensors of a model that lie in no file as they are: they are made while they are read.
interface SourceHeader extends WeightHeader {
    Source source(String tensor);

    /// What messages call it.
    String label();

    @Override
    default Path file() {
        return Path.of(label());
    }

    @Override
    default long fileSize() {
        return 0;
    }
}
