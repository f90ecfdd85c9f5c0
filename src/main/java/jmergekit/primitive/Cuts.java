package jmergekit.primitive;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/// The common part of all implementations that cut off the smallest and the largest differences.
public final class Cuts {
    private static final int NONE = -1;

    private Cuts() {}

    /// Cuts off a source's `bottom` smallest and `top` largest differences, but not all of them.
    public record Cut(int source, long bottom, long top) {}

    /// Queries the `keep` largest differences of a source, from 1 to one less than the number of
    /// elements.
    public record TopKQuery(int source, long keep) {}

    /// The masks by source, where `select` is called for masks that keep only some elements.
    ///
    /// @param base index of the base, whose mask is ignored
    public static Mask[] masks(
            int base,
            long elements,
            long[] bottom,
            long[] top,
            Function<List<Cut>, List<Mask>> select) {
        Mask[] masks = new Mask[bottom.length];
        Arrays.fill(masks, Mask.ALL);
        List<Cut> cuts = new ArrayList<>();
        for (int i = 0; i < masks.length; i++) {
            if (i == base || bottom[i] <= 0 && top[i] <= 0) {
                continue;
            }
            if (bottom[i] + top[i] >= elements) {
                masks[i] = Mask.NONE;
            } else {
                cuts.add(new Cut(i, bottom[i], top[i]));
            }
        }
        List<Mask> selected = select.apply(cuts);
        for (int i = 0; i < cuts.size(); i++) {
            masks[cuts.get(i).source] = selected.get(i);
        }
        return masks;
    }

    /// The masks of cuts, built from masks of the largest elements, where `largest` answers
    /// queries. Queries about the same source are adjacent.
    public static List<Mask> byThresholds(
            List<Cut> cuts, long elements, Function<List<TopKQuery>, List<Mask>> largest) {
        List<TopKQuery> queries = new ArrayList<>();
        int[] kept = new int[cuts.size()];
        int[] dropped = new int[cuts.size()];
        for (int i = 0; i < kept.length; i++) {
            Cut cut = cuts.get(i);
            kept[i] = query(cut.source, elements - cut.bottom, elements, queries);
            dropped[i] = query(cut.source, cut.top, elements, queries);
        }
        List<Mask> found = largest.apply(queries);
        List<Mask> masks = new ArrayList<>();
        for (int i = 0; i < kept.length; i++) {
            Mask keeps = kept[i] == NONE ? Mask.ALL : found.get(kept[i]);
            masks.add(dropped[i] == NONE ? keeps : new Mask.Without(keeps, found.get(dropped[i])));
        }
        return masks;
    }

    private static int query(int source, long keep, long elements, List<TopKQuery> queries) {
        if (keep <= 0 || keep >= elements) {
            return NONE;
        }
        queries.add(new TopKQuery(source, keep));
        return queries.size() - 1;
    }
}
