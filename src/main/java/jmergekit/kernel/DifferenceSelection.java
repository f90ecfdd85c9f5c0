package jmergekit.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The masks of the sources' differences that selections give.
final class DifferenceSelection {
    private static final int NONE = -1;

    private final Differences differences;
    private final Selection selection;
    private final long elements;

    DifferenceSelection(Differences differences, TileOps ops, Chunks chunks) {
        this.differences = differences;
        this.selection = new Selection(differences, ops, chunks);
        this.elements = differences.elements();
    }

    /// [Primitives#select].
    Mask[] largest(long[] keep) {
        long[] bottom = new long[keep.length];
        Arrays.setAll(bottom, i -> elements - keep[i]);
        return masks(bottom, new long[keep.length], false);
    }

    /// [Primitives#selectBetween].
    Mask[] between(long[] bottom, long[] top) {
        return masks(bottom, top, true);
    }

    /// What a source keeps, as indices of searches: the elements of `kept` ([#NONE]: all of them)
    /// without those of `dropped` ([#NONE]: none).
    private record Answer(int source, int kept, int dropped) {}

    private Mask[] masks(long[] bottom, long[] top, boolean ascending) {
        Mask[] masks = new Mask[bottom.length];
        Arrays.fill(masks, Mask.ALL);
        List<ThresholdSearch> searches = new ArrayList<>();
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < masks.length; i++) {
            if (differences.isBase(i) || bottom[i] <= 0 && top[i] <= 0) {
                continue;
            }
            Measure measure = differences.of(i);
            if (bottom[i] + top[i] >= elements) {
                masks[i] = Mask.NONE;
            } else if (selection.isSmall()) {
                masks[i] = small(measure, (int) bottom[i], (int) top[i], ascending);
            } else {
                int kept = search(measure, elements - bottom[i], searches);
                int dropped = search(measure, top[i], searches);
                answers.add(new Answer(i, kept, dropped));
            }
        }
        List<Mask> found = selection.masks(searches);
        for (Answer answer : answers) {
            Mask kept = answer.kept == NONE ? Mask.ALL : found.get(answer.kept);
            masks[answer.source] =
                    answer.dropped == NONE
                            ? kept
                            : new Mask.Without(kept, found.get(answer.dropped));
        }
        return masks;
    }

    private Mask small(Measure measure, int bottom, int top, boolean ascending) {
        int[] magnitudes = selection.magnitudes(measure);
        return ascending
                ? SortOrder.between(magnitudes, bottom, top)
                : SortOrder.largest(magnitudes, magnitudes.length - bottom);
    }

    private int search(Measure measure, long keep, List<ThresholdSearch> searches) {
        if (keep <= 0 || keep >= elements) {
            return NONE;
        }
        searches.add(selection.search(measure, keep));
        return searches.size() - 1;
    }

    /// [Primitives#selectVarying].
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
