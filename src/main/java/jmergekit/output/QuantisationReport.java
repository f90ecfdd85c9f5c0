package jmergekit.output;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import jmergekit.engine.QuantisationError;
import jmergekit.publish.OutputFile;
import jmergekit.source.QuantisationLoss;
import jmergekit.weights.JsonTree;
import tools.jackson.databind.node.ArrayNode;

/// The errors of the quantised tensors of an output.
///
/// @param errors in output order
record QuantisationReport(List<QuantisationError> errors) {
    static final String FILE = "quantisation_errors.json";

    private static final Pattern NUMBER = Pattern.compile("(?<=\\.)\\d+(?=\\.)");
    private static final Comparator<QuantisationError> BY_ERROR =
            Comparator.comparingDouble(e -> e.loss().relative());

    QuantisationReport {
        errors = List.copyOf(errors);
    }

    /// A short summary; empty if nothing is quantised.
    Optional<String> line() {
        return errors.stream()
                .max(BY_ERROR)
                .map(worst ->
                        "%d tensors quantised with a relative error of %s (largest: %s, '%s')"
                                .formatted(
                                        errors.size(),
                                        number(total(errors).relative()),
                                        number(worst.loss().relative()),
                                        worst.tensor()));
    }

    private static QuantisationLoss total(List<QuantisationError> errors) {
        return errors.stream()
                .map(QuantisationError::loss)
                .reduce(QuantisationLoss.NONE, QuantisationLoss::plus);
    }

    // Independent of the locale.
    private static String number(double x) {
        return String.format(Locale.ROOT, "%.3g", x);
    }

    /// The files with a section in the card, and with a file that lists every tensor. It comes
    /// before the last file, which makes the folder loadable.
    List<OutputFile> addedTo(List<OutputFile> files) {
        if (errors.isEmpty() || files.isEmpty()) {
            return files;
        }
        List<OutputFile> all = new ArrayList<>(CardNote.added("Quantisation", section(), files));
        all.add(all.size() - 1, new OutputFile.Text(FILE, json()));
        return all;
    }

    private String section() {
        Map<String, List<QuantisationError>> kinds = new TreeMap<>();
        for (QuantisationError error : errors) {
            String kind = NUMBER.matcher(error.tensor()).replaceAll("*");
            kinds.computeIfAbsent(kind, _ -> new ArrayList<>()).add(error);
        }
        StringBuilder table = new StringBuilder();
        table.append(
                """
                The error of a tensor is the norm of the differences over its norm; the last column is \
                the largest difference, over the largest magnitude that its block can hold. All tensors \
                are in `%s`.

                | tensors | number | error | worst tensor | its error | largest difference |
                |---|---|---|---|---|---|
                """
                        .formatted(FILE));
        kinds.forEach((kind, all) -> {
            QuantisationError worst = all.stream().max(BY_ERROR).orElseThrow();
            QuantisationLoss total = total(all);
            table.append(
                    "| %s | %d | %s | %s | %s | %s |\n"
                            .formatted(
                                    cell(kind),
                                    all.size(),
                                    number(total.relative()),
                                    cell(worst.tensor()),
                                    number(worst.loss().relative()),
                                    number(total.largest())));
        });
        return table.toString().stripTrailing();
    }

    private static String cell(String name) {
        return Markdown.inline(name).replace("|", "\\|");
    }

    private String json() {
        ArrayNode list = JsonTree.MAPPER.createArrayNode();
        for (QuantisationError error : errors) {
            list.addObject()
                    .put("tensor", error.tensor())
                    .put("relative_error", error.loss().relative())
                    .put("largest_difference", error.loss().largest());
        }
        return list.toPrettyString() + "\n";
    }
}
