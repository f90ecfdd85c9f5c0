package jmergekit.plan;

import java.util.List;
import java.util.Optional;
import jmergekit.arch.Structure;
import jmergekit.method.MethodInfo;
import jmergekit.method.MethodInfo.Mismatch;
import jmergekit.problem.Problems;
import jmergekit.tensor.Shape;

/// Decides an output tensor's shape from its sources'. Embeddings may differ in rows; nothing else
/// may differ.
final class SourceShapes {
    private final MethodInfo method;
    private final Findings mismatches = new Findings();
    private final Findings tooFewRows = new Findings();

    SourceShapes(MethodInfo method) {
        this.method = method;
    }

    /// Empty if the sources do not go together; [#report] then says why.
    Optional<Shape> of(String name, List<TensorSource> sources, int base, PlannedSlice slice) {
        Shape first = shape(sources, Math.max(base, 0));
        if (sources.stream().allMatch(s -> s.spec().shape().equals(first))) {
            return Optional.of(first);
        }
        boolean rowsOnly =
                Structure.isEmbedding(name)
                        && first.rank() > 0
                        && sources.stream().allMatch(s -> sameButRows(s.spec().shape(), first));
        if (!rowsOnly) {
            report(mismatches, name, sources, base, slice);
            return Optional.empty();
        }
        long fewest = sources.stream().mapToLong(s -> s.spec().shape().size(0)).min().orElseThrow();
        if (base >= 0 && method.mismatch() == Mismatch.BASE_ROWS) {
            if (fewest < first.size(0)) {
                report(tooFewRows, name, sources, base, slice);
                return Optional.empty();
            }
            return Optional.of(first);
        }
        return Optional.of(first.withRows(fewest));
    }

    private static Shape shape(List<TensorSource> sources, int i) {
        return sources.get(i).spec().shape();
    }

    private static boolean sameButRows(Shape a, Shape b) {
        return a.rank() == b.rank() && a.rank() > 0 && a.withRows(0).equals(b.withRows(0));
    }

    private static void report(
            Findings findings,
            String name,
            List<TensorSource> sources,
            int base,
            PlannedSlice slice) {
        TensorSource reference = sources.get(Math.max(base, 0));
        for (TensorSource source : sources) {
            if (!source.spec().shape().equals(reference.spec().shape())) {
                findings.add(
                        label(source, slice),
                        "tensor '%s' is %s, but '%s' has %s"
                                .formatted(
                                        name,
                                        source.spec().shape(),
                                        label(reference, slice),
                                        reference.spec().shape()));
            }
        }
    }

    private static String label(TensorSource source, PlannedSlice slice) {
        return slice.inputs().stream()
                .map(PlannedSlice.Input::model)
                .filter(m -> m.index() == source.model())
                .map(SourceModel::label)
                .findFirst()
                .orElseThrow();
    }

    void report(Problems problems) {
        mismatches.report(problems, "only models of the same shapes can be merged");
        tooFewRows.report(
                problems,
                "a 'tokenizer' section with a 'source' will align vocabularies; this version"
                        + " merges only models with at least the base's rows");
    }
}
