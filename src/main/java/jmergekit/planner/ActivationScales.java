package jmergekit.planner;

import java.util.List;
import java.util.Optional;

/// The scales with which a quantised layer rounds what it is given. They say nothing of its weights, and
/// an output that is not quantised has no place for them.
///
/// Source: checkpoints of compressed-tensors and ModelOpt.
final class ActivationScales {
    static final String PLAIN = ".input_scale";
    static final String GLOBAL = ".input_global_scale";

    private ActivationScales() {}

    /// What is said of those that unpacked weights leave behind.
    static Optional<String> note(SourceModel model) {
        List<String> left =
                model.tensors().keySet().stream()
                        .filter(model::isViewed)
                        .flatMap(name -> model.storedNames(name).stream())
                        .filter(name -> name.endsWith(PLAIN) || name.endsWith(GLOBAL))
                        .distinct()
                        .toList();
        return left.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "%s: scales of activations are left out, since the output is not quantised (%d, '%s' first)"
                                .formatted(model.label(), left.size(), left.getFirst()));
    }
}
