package jmergekit.cpu;

import java.util.ArrayList;
import java.util.List;
import jmergekit.primitive.Chunks;
import jmergekit.primitive.ElementTile;
import jmergekit.primitive.Mask;
import jmergekit.primitive.Scratch;
import jmergekit.tile.TileOps;
import org.jspecify.annotations.Nullable;

/// Finds exactly the largest elements of a tensor by some measure, for several queries at once, and
/// usually in one reading pass.
///
/// A sample brackets each threshold. A pass over all elements then counts those above the bracket,
/// and builds a histogram of those inside, with one bin for each float that can occur: differences
/// of half-precision numbers have zeros in their last bits. If a bracket missed the threshold, or
/// the threshold's bin contains several floats, further passes narrow it. Memory is bounded,
/// regardless of the size of the tensor and the number of equal magnitudes.
final class Selection {
    private final Differences differences;
    private final TileOps ops;
    private final Chunks chunks;

    Selection(Differences differences, TileOps ops, Chunks chunks) {
        this.differences = differences;
        this.ops = ops;
        this.chunks = chunks;
    }

    private record ChunkCount(long above, long zeros, SparseHistogram inside) {}

    /// Whether the tensor is small enough for selections that follow [SortOrder].
    boolean isSmall() {
        return differences.elements() <= SortOrder.MAX_ELEMENTS;
    }

    /// All magnitudes of a small tensor.
    int[] magnitudes(Measure measure) {
        return sample(measure).all();
    }

    MagnitudeSample sample(Measure measure) {
        return new MagnitudeSample(differences, measure);
    }

    /// A query for the `keep` largest of a measure, from 1 to one less than the number of elements.
    ///
    /// @param sample of the measure, for all queries about it
    ThresholdSearch search(MagnitudeSample sample, long keep) {
        return new ThresholdSearch(sample.measure(), keep, sample.bracket(keep));
    }

    /// A query for the largest nonzero values of a measure: the fraction `shareOfNonzero` of them,
    /// rounded down.
    ThresholdSearch searchNonzero(Measure measure, double shareOfNonzero) {
        return new ThresholdSearch(measure, shareOfNonzero, sample(measure));
    }

    /// The masks of the queries.
    List<Mask> masks(List<ThresholdSearch> searches) {
        findThresholds(searches);
        countEqual(searches.stream().filter(ThresholdSearch::needsEqualCounts).toList());
        return searches.stream().map(ThresholdSearch::mask).toList();
    }

    /// The values of a measure at these places in ascending order, counted from 0; none are
    /// negative.
    float[] orderStatistics(Measure measure, long[] places) {
        return orderStatistics(List.of(measure), places)[0];
    }

    /// The same for several measures.
    float[][] orderStatistics(List<? extends Measure> measures, long[] places) {
        return isSmall() ? sorted(measures, places) : searched(measures, places);
    }

    private float[][] sorted(List<? extends Measure> measures, long[] places) {
        float[][] values = new float[measures.size()][places.length];
        for (int m = 0; m < values.length; m++) {
            int[] magnitudes = magnitudes(measures.get(m));
            for (int i = 0; i < places.length; i++) {
                int k = (int) (differences.elements() - places[i]);
                values[m][i] =
                        Float.intBitsToFloat(QuickSelect.of(magnitudes, magnitudes.length, k));
            }
        }
        return values;
    }

    private float[][] searched(List<? extends Measure> measures, long[] places) {
        List<ThresholdSearch> searches = new ArrayList<>();
        for (Measure measure : measures) {
            MagnitudeSample sample = sample(measure);
            for (long place : places) {
                searches.add(search(sample, differences.elements() - place));
            }
        }
        findThresholds(searches);
        float[][] values = new float[measures.size()][places.length];
        for (int i = 0; i < searches.size(); i++) {
            values[i / places.length][i % places.length] =
                    Float.intBitsToFloat(searches.get(i).threshold());
        }
        return values;
    }

    private void findThresholds(List<ThresholdSearch> searches) {
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
                            long[] zeros = new long[open.size()];
                            int[][] bins = new int[open.size()][];
                            for (int s = 0; s < bins.length; s++) {
                                bins[s] = scratch.bins(s, 2 * open.get(s).bins());
                            }
                            visit(
                                    open,
                                    chunk,
                                    scratch,
                                    (s, tile, n) -> {
                                        ThresholdSearch search = open.get(s);
                                        if (search.needsNonzero()) {
                                            zeros[s] += ops.countEqual(tile, n, 0);
                                        }
                                        above[s] +=
                                                ops.countMagnitudes(
                                                        tile,
                                                        n,
                                                        search.low(),
                                                        search.high(),
                                                        search.shift(),
                                                        bins[s]);
                                    });
                            ChunkCount[] found = new ChunkCount[bins.length];
                            for (int s = 0; s < bins.length; s++) {
                                found[s] =
                                        new ChunkCount(
                                                above[s], zeros[s], open.get(s).take(bins[s]));
                            }
                            return found;
                        });
        for (int s = 0; s < open.size(); s++) {
            int index = s;
            ThresholdSearch search = open.get(s);
            if (search.needsNonzero()) {
                long zeros = counts.stream().mapToLong(c -> c[index].zeros).sum();
                search.nonzero(differences.elements() - zeros);
            }
            if (!search.found()) {
                search.narrow(
                        counts.stream().mapToLong(c -> c[index].above).sum(),
                        counts.stream().map(c -> c[index].inside).toList());
            }
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
                            visit(
                                    searches,
                                    chunk,
                                    scratch,
                                    (s, tile, n) -> {
                                        int threshold = searches.get(s).threshold();
                                        found[s] += ops.countEqual(tile, n, threshold);
                                    });
                            return found;
                        });
        for (int s = 0; s < searches.size(); s++) {
            int search = s;
            searches.get(s).equalCounts(equal.stream().mapToLong(e -> e[search]).toArray());
        }
    }

    private interface Visitor {
        void visit(int search, float[] tile, int n);
    }

    // Searches in the same measure are adjacent and share its tile. All scores are of the same
    // differences, which are read once.
    private void visit(
            List<ThresholdSearch> searches, Chunks.Chunk chunk, Scratch scratch, Visitor visitor) {
        float[] base = scratch.tile(0);
        float[] tile = scratch.tile(1);
        for (long i = chunk.from(); i < chunk.end(); i += TileOps.TILE) {
            int n = (int) Math.min(TileOps.TILE, chunk.end() - i);
            differences.readBase(i, n, base);
            @Nullable ElementTile shared = null;
            for (int s = 0; s < searches.size(); s++) {
                Measure measure = searches.get(s).measure();
                boolean isNew = s == 0 || measure != searches.get(s - 1).measure();
                if (isNew && measure instanceof ScoreMeasure scores) {
                    shared = shared == null ? scores.tile(base, i, n, scratch) : shared;
                    scores.score().score(shared, tile);
                } else if (isNew) {
                    measure.read(base, i, n, scratch, tile);
                }
                visitor.visit(s, tile, n);
            }
        }
    }
}
