package jmergekit.planner;

import java.nio.file.Path;
import jmergekit.plan.Source;
import jmergekit.weights.WeightHeader;

/// Tensors of a model that are not stored in a file in this form: they are computed while they are
/// read.
interface SourceHeader extends WeightHeader {
    Source source(String tensor);

    /// Its name in messages.
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
