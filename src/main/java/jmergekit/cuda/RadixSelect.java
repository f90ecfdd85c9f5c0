package jmergekit.cuda;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jmergekit.primitive.Mask;

/// Finds the k-th largest magnitudes of measures, exactly, digit by digit: each pass counts the
/// next digit of the magnitudes that begin with the digits known so far.
final class RadixSelect {
    /// Number of counters of a digit; the same as in `kernels.cu`.
    private static final int BINS = 2048;

    /// The lowest bit of each digit. The last digit begins with bits that are already known.
    private static final int[] SHIFTS = {20, 9, 0};

    private final ChunkPasses passes;

    RadixSelect(ChunkPasses passes) {
        this.passes = passes;
    }

    /// Queries the `keep` largest of a measure, from 1 to one less than the number of elements.
    record Query(ChunkMeasures.Measure measure, long keep) {}

    /// The state of a query.
    private static final class Search {
        final ChunkMeasures.Measure measure;
        int known;
        int prefix;
        long keep;
        long equal;

        Search(Query query) {
            this.measure = query.measure;
            this.keep = query.keep;
        }

        void narrow(long[] bins, int shift) {
            int bin = BINS - 1;
            while (bins[bin] < keep) {
                keep -= bins[bin--];
            }
            equal = bins[bin];
            int digit = BINS - 1 << shift & Integer.MAX_VALUE;
            known |= digit;
            prefix |= bin << shift;
        }

        boolean keepsAllEqual() {
            return keep == equal;
        }
    }

    /// The k-th largest magnitude of each query.
    int[] thresholds(List<Query> queries) {
        return search(queries).stream().mapToInt(s -> s.prefix).toArray();
    }

    /// The masks of the largest magnitudes, with the first of those equal to the k-th.
    List<Mask> masks(List<Query> queries) {
        List<Search> searches = search(queries);
        List<Search> partly = searches.stream().filter(s -> !s.keepsAllEqual()).toList();
        List<long[]> counts = equalBySegment(partly);
        List<Mask> masks = new ArrayList<>();
        for (Search search : searches) {
            int index = partly.indexOf(search);
            masks.add(
                    new Mask.Largest(
                            search.prefix,
                            index < 0 ? null : first(search.keep, counts.get(index))));
        }
        return masks;
    }

    /// The number of zeros in a measure.
    long zeros(ChunkMeasures.Measure measure) {
        return Arrays.stream(equalBySegment(List.of(measure), new int[] {0}).getFirst()).sum();
    }

    private static long[] first(long keep, long[] counts) {
        long[] kept = new long[counts.length];
        long left = keep;
        for (int s = 0; s < kept.length; s++) {
            kept[s] = Math.min(left, counts[s]);
            left -= kept[s];
        }
        return kept;
    }

    private List<Search> search(List<Query> queries) {
        List<Search> searches = queries.stream().map(Search::new).toList();
        for (int shift : SHIFTS) {
            long[][] bins = new long[searches.size()][BINS];
            for (int[] counts : countDigits(searches, shift)) {
                for (int i = 0; i < counts.length; i++) {
                    bins[i / BINS][i % BINS] += Integer.toUnsignedLong(counts[i]);
                }
            }
            for (int s = 0; s < bins.length; s++) {
                searches.get(s).narrow(bins[s], shift);
            }
        }
        return searches;
    }

    private List<int[]> countDigits(List<Search> searches, int shift) {
        if (searches.isEmpty()) {
            return List.of();
        }
        long bytes = (long) searches.size() * BINS * Integer.BYTES;
        return passes.run(
                Workspace.fixed(bytes),
                chunk -> {
                    DeviceStream stream = chunk.stream();
                    long bins = stream.allocate(bytes);
                    stream.zero(bins, bytes);
                    long values = stream.allocate(chunk.n() * Float.BYTES);
                    ChunkMeasures.Measure measured = (_, _) -> {};
                    for (int s = 0; s < searches.size(); s++) {
                        Search search = searches.get(s);
                        if (search.measure != measured) {
                            measured = search.measure;
                            measured.compute(chunk, values);
                        }
                        stream.launch(
                                "count_digits",
                                chunk.n(),
                                values,
                                search.known,
                                search.prefix,
                                shift,
                                bins + (long) s * BINS * Integer.BYTES,
                                chunk.n());
                    }
                    return chunk.ints(bins, searches.size() * BINS);
                });
    }

    private List<long[]> equalBySegment(List<Search> searches) {
        return equalBySegment(
                searches.stream().map(s -> s.measure).toList(),
                searches.stream().mapToInt(s -> s.prefix).toArray());
    }

    // For each measure, the number of values in each segment that have a given magnitude.
    private List<long[]> equalBySegment(List<ChunkMeasures.Measure> measures, int[] magnitudes) {
        if (measures.isEmpty()) {
            return List.of();
        }
        List<int[][]> parts =
                passes.run(
                        Workspace.ofSegment(Integer.BYTES),
                        chunk -> countEqual(chunk, measures, magnitudes));
        List<long[]> counts = new ArrayList<>();
        for (int m = 0; m < magnitudes.length; m++) {
            int measure = m;
            counts.add(
                    parts.stream()
                            .flatMapToLong(p -> Arrays.stream(p[measure]).asLongStream())
                            .toArray());
        }
        return counts;
    }

    private static int[][] countEqual(
            DeviceChunk chunk, List<ChunkMeasures.Measure> measures, int[] magnitudes) {
        DeviceStream stream = chunk.stream();
        long values = stream.allocate(chunk.n() * Float.BYTES);
        long counts = stream.allocate((long) chunk.segmentCount() * Integer.BYTES);
        int[][] found = new int[magnitudes.length][];
        for (int m = 0; m < magnitudes.length; m++) {
            measures.get(m).compute(chunk, values);
            stream.launchBlocks(
                    "count_equal",
                    chunk.segmentCount(),
                    1,
                    values,
                    chunk.segments(),
                    magnitudes[m],
                    counts);
            found[m] = chunk.ints(counts, chunk.segmentCount());
        }
        return found;
    }
}
