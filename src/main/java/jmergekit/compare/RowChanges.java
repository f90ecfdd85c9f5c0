package jmergekit.compare;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.IntFunction;
import jmergekit.compare.TokenRows.Row;
import jmergekit.primitive.Chunks;
import jmergekit.primitive.SourceTensor;
import jmergekit.tile.Lanes;
import jmergekit.tile.TileOps;

/// Compares two embedding tables row by row.
///
/// @param rows the number of rows of both
/// @param token the token of a row, if known
record RowChanges(long rows, IntFunction<Optional<String>> token, TileOps ops) {
    /// The maximum number of rows listed.
    static final int LISTED = 20;

    private static final Comparator<Row> LARGEST_FIRST =
            Comparator.comparingDouble(Row::relativeChange).reversed().thenComparingLong(Row::row);

    private record Part(long changed, List<Row> most) {}

    /// The rows of the reference that a version changed. Non-finite rows are excluded.
    TokenRows of(SourceTensor reference, SourceTensor version, Chunks chunks) {
        long columns = reference.elements() / Math.max(1, rows);
        int each = Math.clamp(Chunks.CHUNK / Math.max(1, columns), 1, Integer.MAX_VALUE);
        int count = Math.toIntExact((rows + each - 1) / each);
        List<Part> parts =
                chunks.each(
                        count,
                        i -> {
                            long first = (long) i * each;
                            long end = Math.min(rows, first + each);
                            return part(reference, version, columns, first, end);
                        });
        List<Row> most =
                parts.stream()
                        .flatMap(p -> p.most().stream())
                        .sorted(LARGEST_FIRST)
                        .limit(LISTED)
                        .map(r -> new Row(r.row(), token.apply((int) r.row()), r.relativeChange()))
                        .toList();
        return new TokenRows(rows, parts.stream().mapToLong(Part::changed).sum(), most);
    }

    private Part part(
            SourceTensor reference, SourceTensor version, long columns, long first, long end) {
        float[] base = new float[TileOps.TILE];
        float[] change = new float[TileOps.TILE];
        PriorityQueue<Row> most = new PriorityQueue<>(LARGEST_FIRST.reversed());
        long changed = 0;
        for (long row = first; row < end; row++) {
            double[] squares = new double[TileOps.LANES];
            double[] changes = new double[TileOps.LANES];
            for (long at = 0; at < columns; at += TileOps.TILE) {
                int n = (int) Math.min(TileOps.TILE, columns - at);
                reference.read(row * columns + at, n, base);
                version.readDifference(row * columns + at, n, base, change);
                ops.dot(base, base, n, squares);
                ops.dot(change, change, n, changes);
            }
            double size = Math.sqrt(Lanes.total(changes) / Lanes.total(squares));
            if (size > 0) {
                changed++;
                most.add(new Row(row, Optional.empty(), size));
                if (most.size() > LISTED) {
                    most.remove();
                }
            }
        }
        return new Part(changed, new ArrayList<>(most));
    }
}
