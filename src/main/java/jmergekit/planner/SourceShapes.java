package jmergekit.planner;

import java.util.List;
import java.util.Optional;
import jmergekit.arch.Structure;
import jmergekit.method.MethodInfo;
import jmergekit.method.MethodInfo.Mismatch;
import jmergekit.plan.TaskInput;
import jmergekit.problem.Problems;
import jmergekit.tensor.Shape;

/// Decides an output tensor's shape from those of its sources. Only embeddings may differ, and only
/// in rows.
final class SourceShapes {
    private static final String BY_TOKEN =
            "to merge them by token, add 'tokenizer: {source: union}', or 'base' for only the base's"
                    + " tokens";

    private final MethodInfo method;
    private final Findings mismatches = new Findings();
    private final Findings tooFewRows = new Findings();
    private final Findings cutRows = new Findings();

    SourceShapes(MethodInfo method) {
        this.method = method;
    }

    /// Empty if the sources do not match; [#report] then reports why.
    Optional<Shape> of(String name, List<TaskInput> sources, int base, PlannedSlice slice) {
        Shape first = shape(sources, Math.max(base, 0));
        if (sources.stream().allMatch(s -> s.shape().equals(first))) {
            return Optional.of(first);
        }
        boolean rowsOnly =
                Structure.isEmbedding(name)
                        && first.rank() > 0
                        && sources.stream().allMatch(s -> sameButRows(s.shape(), first));
        if (!rowsOnly) {
            report(mismatches, name, sources, base, slice);
            return Optional.empty();
        }
        long fewest = sources.stream().mapToLong(s -> s.shape().size(0)).min().orElseThrow();
        if (base >= 0 && method.mismatch() == Mismatch.BASE_ROWS) {
            if (fewest < first.size(0)) {
                report(tooFewRows, name, sources, base, slice);
                return Optional.empty();
            }
            return Optional.of(cut(name, first, sources, slice));
        }
        return Optional.of(cut(name, first.withRows(fewest), sources, slice));
    }

    private Shape cut(String name, Shape shape, List<TaskInput> sources, PlannedSlice slice) {
        String shortest =
                sources.stream()
                        .filter(s -> s.shape().equals(shape))
                        .map(s -> label(s, slice))
                        .findFirst()
                        .orElseThrow();
        for (TaskInput source : sources) {
            if (!source.shape().equals(shape)) {
                cutRows.add(
                        label(source, slice),
                        "only the first %d of %d rows of tensor '%s' are merged, as many as '%s' has"
                                .formatted(shape.size(0), source.shape().size(0), name, shortest));
            }
        }
        return shape;
    }

    private static Shape shape(List<TaskInput> sources, int i) {
        return sources.get(i).shape();
    }

    private static boolean sameButRows(Shape a, Shape b) {
        return a.rank() == b.rank() && a.rank() > 0 && a.withRows(0).equals(b.withRows(0));
    }

    private static void report(
            Findings findings, String name, List<TaskInput> sources, int base, PlannedSlice slice) {
        TaskInput reference = sources.get(Math.max(base, 0));
        for (TaskInput source : sources) {
            if (!source.shape().equals(reference.shape())) {
                findings.add(
                        label(source, slice),
                        "tensor '%s' is %s, but '%s' has %s"
                                .formatted(
                                        name,
                                        source.shape(),
                                        label(reference, slice),
                                        reference.shape()));
            }
        }
    }

    private static String label(TaskInput source, PlannedSlice slice) {
        return slice.inputs().stream()
                .map(PlannedSlice.Input::model)
                .filter(m -> m.index() == source.model())
                .map(SourceModel::label)
                .findFirst()
                .orElseThrow();
    }

    void report(Problems problems) {
        mismatches.report(problems, "only models of the same shapes can be merged");
        cutRows.warn(problems, BY_TOKEN + "; --strict refuses to drop rows");
        tooFewRows.report(problems, BY_TOKEN);
    }
}
