package jmergekit.transplant;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import jmergekit.engine.NonFiniteTensor;
import jmergekit.engine.TensorComputation;
import jmergekit.model.ConfigJson;
import jmergekit.plan.PlannedFile;
import jmergekit.problem.Problem;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What a transplant did with its tokens, and how good the result is: for the console, the card and
/// programs.
final class TransplantReport {
    /// The file for programs.
    static final String FILE = "mergekit_tokensurgeon.json";

    private final PlannedTransplant plan;
    private final Map<Side, TokenRoutes> routes = new LinkedHashMap<>();
    private final Map<Side, Integer> atoms = new LinkedHashMap<>();
    private final Map<Side, Integer> notFinite = new LinkedHashMap<>();
    private final Map<String, Fidelity> fidelity = new LinkedHashMap<>();
    private final List<Problem> warnings = new ArrayList<>();
    private final List<NonFiniteTensor.Input> copied = new ArrayList<>();

    TransplantReport(PlannedTransplant plan) {
        this.plan = plan;
    }

    /// @param atomCount the number of shared tokens from which others are approximated
    /// @param without tokens that get the mean row, because the donor's row has NaN or infinity
    void add(TokenRoutes side, int atomCount, int without) {
        routes.put(side.side(), side);
        atoms.put(side.side(), atomCount);
        notFinite.put(side.side(), without);
    }

    void add(String table, Fidelity found) {
        fidelity.put(table, found);
        ApproximationMethod method = plan.options().method();
        boolean looks = method.usesDonorRows() || method == ApproximationMethod.SUBWORD;
        if (looks && found.isNoBetterThanMean()) {
            warn(
                    Problem.input(
                                    table,
                                    "approximated rows are no closer to the model's own than its"
                                            + " mean row")
                            .expected(number("a relative error below %.3f", found.meanError()))
                            .found(number("%.3f", found.error()))
                            .hint(
                                    "try another method or donor, or train the rows before the model is used")
                            .asWarning());
        }
    }

    /// @param input the copied NaN and infinite values, under the name of the output's tensor
    void add(NonFiniteTensor.Input input) {
        copied.add(input);
    }

    /// Adds a warning to the console, the card and the file.
    void warn(Problem warning) {
        warnings.add(warning);
    }

    TensorComputation.Outcome outcome() {
        return new TensorComputation.Outcome(lines(), warnings, copied, notes());
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        routes.forEach((side, r) -> {
            String left =
                    atoms.get(side) < r.shared()
                            ? ", using %d of the shared ones".formatted(atoms.get(side))
                            : "";
            lines.add("%s: %s%s".formatted(side.text(), r.text(), left));
            if (notFinite.get(side) > 0) {
                lines.add(
                        "%s: %d of these have NaN or infinity in the donor and got the mean row"
                                .formatted(side.text(), notFinite.get(side)));
            }
        });
        fidelity.forEach((table, f) -> lines.add("%s: %s".formatted(table, f.text())));
        return lines;
    }

    /// The section of the card, and the file for programs.
    List<PlannedFile.Text> notes() {
        StringBuilder text = new StringBuilder("\n### Tokens\n\n");
        lines().forEach(line -> text.append("* ").append(line).append('\n'));
        warnings.forEach(w -> text.append("* Warning: ").append(w).append('\n'));
        return List.of(new PlannedFile.Text("README.md", text.toString()), file());
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }

    private PlannedFile.Text file() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("model", plan.model().reference().toString());
        json.put("donor", plan.donor().reference().toString());
        json.put("method", plan.options().method().text());
        if (plan.options().method().usesK()) {
            json.put("k", plan.options().k());
        }
        json.put("seed", plan.seed());
        ObjectNode sides = json.putObject("tokens");
        routes.forEach((side, r) -> {
            ObjectNode counts = sides.putObject(side.text());
            counts.put("shared", r.shared());
            counts.put("matched_by_bytes", r.byBytes());
            counts.put("matched_by_prefix", r.byPrefix());
            counts.put("approximated", r.approximated().length);
            counts.put("approximated_from", atoms.get(side));
        });
        ObjectNode held = json.putObject("held_out");
        fidelity.forEach((table, f) -> held.set(table, f.json()));
        ArrayNode said = json.putArray("warnings");
        warnings.forEach(w -> said.add(w.toString()));
        return new PlannedFile.Text(FILE, ConfigJson.write(json));
    }
}
