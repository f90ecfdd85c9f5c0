package jmergekit.planner;

import java.util.List;
import java.util.Optional;

/// The scales with which a quantised layer rounds its inputs. They do not affect its weights, and
/// an output that is not quantised cannot store them.
///
/// Source: checkpoints of compressed-tensors and ModelOpt.
final class ActivationScales {
    static final String PLAIN = ".input_scale";
    static final String GLOBAL = ".input_global_scale";

    private ActivationScales() {}

    /// A note about the scales that remain after the weights are unpacked.
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
                        "%s: activation scales are left out because the output is not quantised (%d, '%s' first)"
                                .formatted(model.label(), left.size(), left.getFirst()));
    }
}
