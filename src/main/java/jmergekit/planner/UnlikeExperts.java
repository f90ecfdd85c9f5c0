package jmergekit.planner;

import java.util.Collection;
import java.util.Optional;
import java.util.regex.Pattern;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// Layouts of experts that cannot be converted into each other.
enum UnlikeExperts {
    /// A tensor for each expert, as in `experts.0.up_proj.weight`.
    SPLIT("one tensor for each expert", "(^|\\.)experts\\.\\d+\\."),
    /// All experts of a layer in one tensor, as in `experts.gate_up_proj`.
    FUSED("one tensor for all experts of a layer", "(^|\\.)experts\\.(?!\\d)[\\w.]+$");

    private final String text;
    private final Pattern names;

    UnlikeExperts(String text, String names) {
        this.text = text;
        this.names = Pattern.compile(names);
    }

    /// Empty for a model without experts, or with both layouts.
    static Optional<UnlikeExperts> of(Collection<String> names) {
        Optional<String> split = SPLIT.first(names);
        Optional<String> fused = FUSED.first(names);
        return split.isPresent() == fused.isPresent()
                ? Optional.empty()
                : Optional.of(split.isPresent() ? SPLIT : FUSED);
    }

    private Optional<String> first(Collection<String> names) {
        return names.stream()
                .filter(n -> n.contains("experts") && this.names.matcher(n).find())
                .findFirst();
    }

    /// Whether a model's layout is the same as the first one's; an error if it is not.
    static boolean agree(SourceModel first, SourceModel model, Problems problems) {
        Optional<UnlikeExperts> expected = of(first.tensors().keySet());
        Optional<UnlikeExperts> found = of(model.tensors().keySet());
        if (expected.isEmpty() || found.isEmpty() || expected.equals(found)) {
            return true;
        }
        problems.add(
                Problem.input(model.label(), "its experts are stored in another layout")
                        .expected(expected.get().text(first))
                        .found(found.get().text(model))
                        .hint(
                                "these layouts cannot be merged; save both models in"
                                        + " the same layout"));
        return false;
    }

    private String text(SourceModel model) {
        return "%s as in '%s' ('%s')"
                .formatted(text, model.label(), first(model.tensors().keySet()).orElseThrow());
    }
}
