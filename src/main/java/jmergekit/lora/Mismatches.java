package jmergekit.lora;

import java.util.ArrayList;
import java.util.List;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.ShortList;
import jmergekit.tensor.Shape;

/// Tensors that differ so much between the two models that no adapter can turn one into the other.
final class Mismatches {
    private static final int SHOWN = 4;

    private final String model;
    private final Problems problems;
    private final List<String> added = new ArrayList<>();
    private final List<String> reshaped = new ArrayList<>();

    /// @param model name of the fine-tune in messages
    Mismatches(String model, Problems problems) {
        this.model = model;
        this.problems = problems;
    }

    /// Whether the tensor can be compared with the base model's; if not, it is recorded.
    boolean fits(TensorPair tensor) {
        // A new bias counts as a difference from zero.
        boolean isNew = tensor.base().isEmpty() && !tensor.parameter().equals("bias");
        if (isNew) {
            added.add(tensor.name());
        } else if (tensor.base().isPresent() && !tensor.sameShape()) {
            Shape inBase = tensor.base().get().shape();
            reshaped.add("%s (%s, %s)".formatted(tensor.name(), tensor.spec().shape(), inBase));
        }
        return !isNew && (tensor.base().isEmpty() || tensor.sameShape());
    }

    /// Adds what was recorded to the problems.
    ///
    /// @param missing names of tensors that the fine-tune should have
    void report(List<String> missing) {
        report(missing, "lacks tensors of the base model:", "is the fine-tune complete?");
        report(
                added,
                "only the fine-tune contains",
                "an adapter cannot add modules to the base model");
        report(
                reshaped,
                "the two models have different shapes for",
                "is this the right base model?");
    }

    /// Warns that the adapter lacks layers for multi-token prediction, which only the fine-tune
    /// has.
    void warnOfUnpaired(List<String> names) {
        if (!names.isEmpty()) {
            problems.add(
                    Problem.input(
                                    model,
                                    "the base model has no layers for multi-token prediction, so the adapter"
                                            + " does not include "
                                            + ShortList.quoted(names, SHOWN))
                            .asWarning());
        }
    }

    private void report(List<String> names, String what, String hint) {
        if (names.isEmpty()) {
            return;
        }
        problems.add(
                Problem.input(model, what + " " + ShortList.quoted(names, SHOWN))
                        .hint(hint + "; --exclude-regex excludes modules"));
    }
}
