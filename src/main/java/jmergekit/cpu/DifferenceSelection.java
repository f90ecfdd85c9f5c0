package jmergekit.cpu;

import java.util.Arrays;
import java.util.List;
import jmergekit.primitive.Chunks;
import jmergekit.primitive.Cuts;
import jmergekit.primitive.Cuts.Cut;
import jmergekit.primitive.Cuts.TopKQuery;
import jmergekit.primitive.Mask;
import jmergekit.tile.TileOps;

/// The masks that selections among the sources' differences return.
final class DifferenceSelection {
    private final Differences differences;
    private final Selection selection;
    private final long elements;

    DifferenceSelection(Differences differences, TileOps ops, Chunks chunks) {
        this.differences = differences;
        this.selection = new Selection(differences, ops, chunks);
        this.elements = differences.elements();
    }

    /// [jmergekit.primitive.Primitives#select].
    Mask[] largest(long[] keep) {
        long[] bottom = new long[keep.length];
        Arrays.setAll(bottom, i -> elements - keep[i]);
        return masks(bottom, new long[keep.length], false);
    }

    /// [jmergekit.primitive.Primitives#selectBetween].
    Mask[] between(long[] bottom, long[] top) {
        return masks(bottom, top, true);
    }

    private Mask[] masks(long[] bottom, long[] top, boolean ascending) {
        return Cuts.masks(
                differences.base(),
                elements,
                bottom,
                top,
                cuts ->
                        selection.isSmall()
                                ? cuts.stream().map(c -> small(c, ascending)).toList()
                                : Cuts.byThresholds(cuts, elements, this::topK));
    }

    private Mask small(Cut cut, boolean ascending) {
        int[] magnitudes = selection.magnitudes(differences.of(cut.source()));
        return ascending
                ? SortOrder.between(magnitudes, (int) cut.bottom(), (int) cut.top())
                : SortOrder.largest(magnitudes, magnitudes.length - (int) cut.bottom());
    }

    private List<Mask> topK(List<TopKQuery> queries) {
        // All queries about a source share one measure, so the source is read only once.
        MagnitudeSample[] samples = new MagnitudeSample[differences.count()];
        Arrays.setAll(samples, i -> selection.sample(differences.of(i)));
        return selection.masks(
                queries.stream()
                        .map(q -> selection.search(samples[q.source()], q.keep()))
                        .toList());
    }

    /// [jmergekit.primitive.Primitives#selectVarying].
    Mask[] varying(double topK) {
        Mask[] masks = new Mask[differences.count()];
        Arrays.fill(masks, topK >= 1 ? Mask.ALL : varyingMask(topK));
        return masks;
    }

    private Mask varyingMask(double topK) {
        Measure variance = differences.variance();
        if (!selection.isSmall()) {
            ThresholdSearch search = selection.searchNonzero(variance, topK);
            return varying(selection.masks(List.of(search)).getFirst());
        }
        int[] magnitudes = selection.magnitudes(variance);
        long nonzero = Arrays.stream(magnitudes).filter(m -> m != 0).count();
        int keep = (int) (topK * nonzero);
        return keep == 0 ? Mask.NONE : varying(SortOrder.selected(magnitudes, keep));
    }

    private static Mask varying(Mask largest) {
        return largest == Mask.NONE ? Mask.NONE : new Mask.Varying(largest);
    }
}
