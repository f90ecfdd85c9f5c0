package jmergekit.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Finds which differences from the base are the largest by magnitude, exactly, for all sources of a
/// tensor at once and in one reading pass in the usual case.
///
/// A sample brackets each threshold; a pass over everything counts what lies above the bracket and
/// makes a histogram of what lies inside, one bin for each float. Should a bracket have missed or be
/// too wide for the bins, further passes narrow it. Memory is bounded, whatever the size of the
/// tensor and however many of its magnitudes are equal.
final class Selection {
    private final Differences differences;
    private final TileOps ops;
    private final Chunks chunks;

    Selection(Differences differences, TileOps ops, Chunks chunks) {
        this.differences = differences;
        this.ops = ops;
        this.chunks = chunks;
    }

    private record ChunkCount(long above, ChunkBins inside) {}

    /// For each source the mask of its `keep[i]` largest differences.
    Mask[] masks(long[] keep) {
        long elements = differences.elements();
        Mask[] masks = new Mask[keep.length];
        List<ThresholdSearch> searches = new ArrayList<>();
        Arrays.fill(masks, Mask.ALL);
        for (int i = 0; i < keep.length; i++) {
            if (differences.isBase(i) || keep[i] >= elements) {
                continue;
            }
            if (keep[i] <= 0) {
                masks[i] = Mask.NONE;
            } else if (elements <= SortOrder.MAX_ELEMENTS) {
                masks[i] = new SortOrder(sample(i).all()).largest((int) keep[i]);
            } else {
                searches.add(new ThresholdSearch(i, keep[i], sample(i).bracket(keep[i])));
            }
        }
        search(searches);
        countEqual(searches.stream().filter(ThresholdSearch::needsEqualCounts).toList());
        searches.forEach(s -> masks[s.source()] = s.mask());
        return masks;
    }

    private MagnitudeSample sample(int source) {
        return new MagnitudeSample(differences, source);
    }

    private void search(List<ThresholdSearch> searches) {
        List<ThresholdSearch> open = searches;
        while (!open.isEmpty()) {
            count(open);
            open = open.stream().filter(s -> !s.found()).toList();
        }
    }

    private void count(List<ThresholdSearch> open) {
        open.forEach(s -> s.prepare(open.size()));
        List<ChunkCount[]> counts =
                chunks.map(
                        differences.elements(),
                        (chunk, scratch) -> {
                            long[] above = new long[open.size()];
                            int[][] bins = new int[open.size()][];
                            for (int s = 0; s < bins.length; s++) {
                                bins[s] = scratch.bins(s, open.get(s).bins());
                            }
                            for (long i = chunk.from(); i < chunk.end(); i += TileOps.TILE) {
                                countTile(open, i, chunk.end(), scratch, bins, above);
                            }
                            ChunkCount[] found = new ChunkCount[bins.length];
                            for (int s = 0; s < bins.length; s++) {
                                found[s] = new ChunkCount(above[s], open.get(s).take(bins[s]));
                            }
                            return found;
                        });
        for (int s = 0; s < open.size(); s++) {
            int search = s;
            open.get(s)
                    .narrow(
                            counts.stream().mapToLong(c -> c[search].above).sum(),
                            counts.stream().map(c -> c[search].inside).toList());
        }
    }

    private void countTile(
            List<ThresholdSearch> open,
            long from,
            long end,
            Scratch scratch,
            int[][] bins,
            long[] above) {
        int n = (int) Math.min(TileOps.TILE, end - from);
        float[] base = scratch.tile(0);
        float[] tile = scratch.tile(1);
        differences.readBase(from, n, base);
        for (int s = 0; s < bins.length; s++) {
            ThresholdSearch search = open.get(s);
            differences.read(search.source(), base, from, n, tile);
            above[s] +=
                    ops.countMagnitudes(
                            tile, n, search.low(), search.high(), search.shift(), bins[s]);
        }
    }

    private void countEqual(List<ThresholdSearch> searches) {
        if (searches.isEmpty()) {
            return;
        }
        List<long[]> equal =
                chunks.map(
                        differences.elements(),
                        (chunk, scratch) -> {
                            long[] found = new long[searches.size()];
                            float[] base = scratch.tile(0);
                            float[] tile = scratch.tile(1);
                            for (long i = chunk.from(); i < chunk.end(); i += TileOps.TILE) {
                                int n = (int) Math.min(TileOps.TILE, chunk.end() - i);
                                differences.readBase(i, n, base);
                                for (int s = 0; s < found.length; s++) {
                                    ThresholdSearch search = searches.get(s);
                                    differences.read(search.source(), base, i, n, tile);
                                    found[s] += ops.countEqual(tile, n, search.threshold());
                                }
                            }
                            return found;
                        });
        for (int s = 0; s < searches.size(); s++) {
            int source = s;
            searches.get(s).equalCounts(equal.stream().mapToLong(e -> e[source]).toArray());
        }
    }
}
