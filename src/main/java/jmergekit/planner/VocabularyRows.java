package jmergekit.planner;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import jmergekit.arch.Structure;
import jmergekit.plan.Source;
import jmergekit.plan.TaskInput;
import jmergekit.planner.TokenizerPlan.Merged;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.tensor.RowTable;
import jmergekit.tensor.Shape;

/// Rearranges the rows of tensors that follow the vocabulary into the order of the merged one.
final class VocabularyRows {
    private final Optional<Merged> merged;
    private final List<SourceModel> models;
    private final Structure structure;
    private final Problems problems;
    private final Map<List<Long>, RowTable> tables = new HashMap<>();

    /// @param merged empty if the recipe has no tokenizer section: rows are then unchanged
    VocabularyRows(
            Optional<Merged> merged,
            List<SourceModel> models,
            Structure structure,
            Problems problems) {
        this.merged = merged;
        this.models = models;
        this.structure = structure;
        this.problems = problems;
    }

    /// The same sources with the rows of the merged vocabulary, if the tensor follows it.
    List<TaskInput> mapped(String name, List<TaskInput> sources) {
        if (merged.isEmpty() || !Structure.isByToken(name) || isSameForAll(merged.get())) {
            return sources;
        }
        long[] stored = merged.get().stored();
        Map<Integer, TaskInput> all = new HashMap<>();
        long[] rows = new long[models.size()];
        for (SourceModel model : models) {
            Optional<TaskInput> found =
                    model.source(name).or(() -> model.tiedHead(structure, name));
            if (found.isPresent()) {
                TaskInput source = found.get();
                all.put(model.index(), source);
                rows[model.index()] = rows(source);
                if (rows(source) != stored[model.index()]) {
                    problems.add(otherRows(model, source));
                    return sources;
                }
            }
        }
        RowTable table = table(merged.get(), rows);
        List<TaskInput> mapped = new ArrayList<>();
        sources.forEach(s -> mapped.add(mapped(s, table, all)));
        return mapped;
    }

    private RowTable table(Merged from, long[] rows) {
        List<Long> key = Arrays.stream(rows).boxed().toList();
        return tables.computeIfAbsent(key, _ -> from.embeddings().table(rows));
    }

    private boolean isSameForAll(Merged from) {
        RowTable table = table(from, from.stored());
        return IntStream.range(0, models.size())
                .allMatch(m -> table.isIdentity(m, from.stored()[m]));
    }

    private static TaskInput mapped(TaskInput source, RowTable table, Map<Integer, TaskInput> all) {
        if (table.isIdentity(source.model(), rows(source))) {
            return source;
        }
        Map<Integer, Source> others = new HashMap<>();
        table.needed(source.model()).stream().forEach(m -> others.put(m, all.get(m).source()));
        Shape shape = withRows(source.spec().shape(), table.rows());
        int model = source.model();
        return source.map(s -> new Source.Remapped(model, s, table, others, shape));
    }

    private static Problem otherRows(SourceModel model, TaskInput source) {
        return Problem.input(
                        model.label(),
                        "tensor '%s' has a different number of rows from the embeddings, so its tokens are not"
                                        .formatted(source.spec().name())
                                + " known")
                .found(source.spec().shape().toString())
                .hint("remove the 'tokenizer' section");
    }

    // A bias may be written as a matrix of one row.
    private static boolean isLine(Shape shape) {
        return shape.rank() == 2 && shape.size(0) == 1;
    }

    static long rows(TaskInput source) {
        Shape shape = source.spec().shape();
        return shape.rank() == 0 ? 0 : isLine(shape) ? shape.size(1) : shape.size(0);
    }

    private static Shape withRows(Shape shape, long rows) {
        return isLine(shape) ? Shape.of(1, rows) : shape.withRows(rows);
    }
}
