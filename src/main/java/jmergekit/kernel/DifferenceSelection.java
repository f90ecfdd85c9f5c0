package jmergekit.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The masks of the sources' differences that selections give.
final class DifferenceSelection {
    private static final int NONE = -1;

    private final Differences differences;
    private final TileOps ops;
    private final Chunks chunks;
    private final Selection selection;
    private final long elements;

    DifferenceSelection(Differences differences, TileOps ops, Chunks chunks) {
        this.differences = differences;
        this.ops = ops;
        this.chunks = chunks;
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
        long keep = (long) (topK * countVarying(variance));
        if (keep == 0) {
            return Mask.NONE;
        }
        if (selection.isSmall()) {
            int[] magnitudes = selection.magnitudes(variance);
            return new Mask.Varying(SortOrder.selected(magnitudes, (int) keep));
        }
        ThresholdSearch search = selection.search(variance, keep);
        return new Mask.Varying(selection.masks(List.of(search)).getFirst());
    }

    private long countVarying(Measure variance) {
        List<Long> zeros =
                chunks.map(
                        elements,
                        (chunk, scratch) -> {
                            long count = 0;
                            float[] base = scratch.tile(0);
                            float[] tile = scratch.tile(1);
                            for (long i = chunk.from(); i < chunk.end(); i += TileOps.TILE) {
                                int n = (int) Math.min(TileOps.TILE, chunk.end() - i);
                                differences.readBase(i, n, base);
                                variance.read(base, i, n, scratch, tile);
                                count += ops.countEqual(tile, n, 0);
                            }
                            return count;
                        });
        return elements - zeros.stream().mapToLong(Long::longValue).sum();
    }
}
