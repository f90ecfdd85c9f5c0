package jmergekit.output;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import jmergekit.engine.Truncation;
import jmergekit.publish.OutputFile;

/// The errors of factors whose rank was limited.
///
/// @param modules in output order
record TruncationReport(List<Truncation> modules) {
    private static final Pattern FRAME =
            Pattern.compile("^base_model\\.model\\.|\\.lora_(embedding_)?A(\\.weight)?$");
    private static final Comparator<Truncation> WORST_FIRST =
            Comparator.comparingDouble((Truncation t) -> -t.relative())
                    .thenComparing(Truncation::tensor);

    TruncationReport {
        modules = List.copyOf(modules);
    }

    /// A short summary; empty if the output has no such factors.
    Optional<String> line() {
        return modules.stream()
                .min(WORST_FIRST)
                .map(worst ->
                        worst.error() == 0
                                ? "%d modules merged without a truncation".formatted(modules.size())
                                : "%d modules truncated with a relative error of %s (largest: %s, '%s')"
                                        .formatted(
                                                modules.size(),
                                                number(relative()),
                                                number(worst.relative()),
                                                module(worst)));
    }

    private double relative() {
        double error = modules.stream().mapToDouble(t -> t.error() * t.error()).sum();
        double norm = modules.stream().mapToDouble(t -> t.norm() * t.norm()).sum();
        return norm == 0 ? 0 : Math.sqrt(error / norm);
    }

    private static String module(Truncation module) {
        return FRAME.matcher(module.tensor()).replaceAll("");
    }

    private static String number(double x) {
        return String.format(Locale.ROOT, "%.3g", x);
    }

    /// The files with a section in the card.
    List<OutputFile> addedTo(List<OutputFile> files) {
        return modules.isEmpty() ? files : CardNote.added("Rank", section(), files);
    }

    private String section() {
        StringBuilder text = new StringBuilder();
        text.append(
                """
                The merged changes were truncated to the ranks below by singular values. The relative \
                error of all modules together is %s (Frobenius norms), without the rounding of the stored \
                factors. The modules, worst first:

                | module | rank | error |
                |---|---|---|
                """
                        .formatted(number(relative())));
        modules.stream()
                .sorted(WORST_FIRST)
                .forEach(t ->
                        text.append(
                                "| %s | %d | %s |\n"
                                        .formatted(
                                                Markdown.inline(module(t)).replace("|", "\\|"),
                                                t.rank(),
                                                number(t.relative()))));
        return text.toString().stripTrailing();
    }
}
