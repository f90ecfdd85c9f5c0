package jmergekit.plan;

import java.util.ArrayList;
import java.util.List;
import jmergekit.linalg.Space;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/// Merges in a small space as JSON.
final class FactorsJson {
    static final String WORK = "factors";

    private FactorsJson() {}

    static void write(Work.Factors factors, JsonGenerator json, SourceWriter sources) {
        json.writeStringProperty("work", WORK);
        json.writeStringProperty("space", factors.space().word());
        json.writeNumberProperty("rank", factors.rank());
        json.writeNumberProperty("rows", factors.rows());
        json.writeNumberProperty("columns", factors.columns());
        json.writeArrayPropertyStart("changes");
        for (Work.Factors.Change change : factors.changes()) {
            json.writeStartObject();
            json.writeNumberProperty("input", change.source());
            json.writeNumberProperty("scale", change.scale());
            json.writeEndObject();
        }
        json.writeEndArray();
        PlanWriter.merge(json, factors.merge(), sources);
    }

    static Work.Factors read(JsonNode node, Work.Merge merge, JsonFields at) {
        String word = at.text(node, "space");
        Space space = Space.of(word).orElseThrow(() -> at.wrong("unknown space '" + word + "'"));
        int sources = merge.parameters().perSource().size();
        List<Work.Factors.Change> changes = new ArrayList<>();
        for (JsonNode change : at.array(node, "changes")) {
            changes.add(
                    new Work.Factors.Change(
                            (int) at.count(change, "input", sources - 1L),
                            at.number(change.path("scale"))));
        }
        return new Work.Factors(
                merge,
                space,
                changes,
                (int) at.count(node, "rank", Integer.MAX_VALUE),
                at.count(node, "rows", Integer.MAX_VALUE),
                at.count(node, "columns", Integer.MAX_VALUE));
    }

    static void check(
            Work.Factors factors, TensorSpec output, List<TaskInput> inputs, JsonFields at) {
        long rows = factors.rows();
        long columns = factors.columns();
        at.require(
                factors.rank() > 0
                        && output.equals(
                                FactorRows.spec(output.name(), factors.rank(), rows, columns)),
                "factors of tensor '%s' with a wrong shape".formatted(output.name()));
        List<Work.Factors.Change> changes = factors.changes();
        at.require(inputs.size() == 2 * changes.size(), "not two factors per change");
        for (int i = 0; i < changes.size(); i++) {
            Shape a = inputs.get(2 * i).shape();
            Shape b = inputs.get(2 * i + 1).shape();
            int source = changes.get(i).source();
            at.require(
                    a.rank() == 2
                            && b.equals(Shape.of(rows, a.size(0)))
                            && a.size(1) == columns
                            && source != factors.merge().base(),
                    "factors %s and %s of a change of %d by %d".formatted(a, b, rows, columns));
        }
        at.require(
                changes.stream().map(Work.Factors.Change::source).distinct().count()
                        == changes.size(),
                "two changes of one input");
    }
}
