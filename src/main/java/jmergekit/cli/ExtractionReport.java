package jmergekit.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import jmergekit.lora.ExtractionResult;
import jmergekit.lora.ModuleResult;
import jmergekit.problem.ByteSize;
import jmergekit.problem.Problem;
import jmergekit.tensor.NameRanges;

/// The console output after an extraction.
///
/// @param output as the user gave it
record ExtractionReport(ExtractionResult result, String output) {
    List<Problem> warnings() {
        List<Problem> warnings = new ArrayList<>();
        result.modules().stream()
                .filter(m -> !m.converged())
                .forEach(m -> warnings.add(rough(m).asWarning()));
        Stream.of(lost(), auxiliary(), noFactors())
                .flatMap(Optional::stream)
                .forEach(p -> warnings.add(p.asWarning()));
        return warnings;
    }

    private static Problem rough(ModuleResult module) {
        return Problem.input(
                module.module(),
                "the error of its factors may be more than 0.1 % above the " + "optimum");
    }

    private Optional<Problem> lost() {
        List<String> lost = new ArrayList<>(result.lost());
        lost.removeAll(result.plan().auxiliary());
        if (lost.isEmpty()) {
            return Optional.empty();
        }
        String first = lost.getFirst();
        String module = first.substring(0, Math.max(0, first.lastIndexOf('.')));
        return Optional.of(
                Problem.input(
                                output,
                                "an adapter cannot store %d changed tensors, which keep the base model's values: %s"
                                        .formatted(
                                                lost.size(),
                                                String.join(", ", NameRanges.of(lost))))
                        .hint(
                                module.isEmpty()
                                        ? "if they matter, merge the models instead"
                                        : "use --save-module %s to keep the whole module"
                                                .formatted(module)));
    }

    private Optional<Problem> auxiliary() {
        List<String> lost = new ArrayList<>(result.lost());
        lost.retainAll(result.plan().auxiliary());
        return lost.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        Problem.input(
                                        output,
                                        "multi-token prediction layers changed (%d tensors such as '%s'), but adapter loaders do not load these layers"
                                                .formatted(lost.size(), lost.getFirst()))
                                .hint("if they matter, merge the models instead"));
    }

    private Optional<Problem> noFactors() {
        return result.stored().isEmpty()
                ? Optional.of(
                        Problem.input(
                                        output,
                                        "no module has factors, and PEFT cannot load an adapter "
                                                + "without any")
                                .hint(
                                        "check that the fine-tuned model differs from the base "
                                                + "model"))
                : Optional.empty();
    }

    String summary(long nanos) {
        int unchanged = result.modules().size() - result.stored().size();
        return "%s: %d modules as factors of rank up to %d, %d whole, %d left out, %s in %.1f s; error %.2f %%"
                .formatted(
                        output,
                        result.stored().size(),
                        result.largestRank(),
                        result.whole().size(),
                        unchanged + result.plan().leftOut().size() + result.lost().size(),
                        ByteSize.text(result.bytes()),
                        nanos / 1e9,
                        100 * result.relativeError());
    }
}
