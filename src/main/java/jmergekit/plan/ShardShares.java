package jmergekit.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/// Divides the shards of a plan among workers so that each reads and writes about the same number
/// of bytes: the largest shard first, always to the worker with the fewest bytes so far. The same
/// plan and number of shares give the same result.
public final class ShardShares {
    /// The bytes and shards of one worker so far.
    private static final class Share {
        private final int number;
        private final List<Integer> shards = new ArrayList<>();
        private double bytes;

        private Share(int number) {
            this.number = number;
        }
    }

    private ShardShares() {}

    /// The indices of the shards in each share, in ascending order; shares beyond the number of
    /// shards are empty.
    public static List<List<Integer>> of(Plan plan, int count) {
        return of(bytes(plan), count);
    }

    /// The bytes of tensor data that are read and written for each shard.
    public static List<Long> bytes(Plan plan) {
        return plan.tasksByFile().values().stream()
                .map(tasks ->
                        tasks.stream()
                                .mapToLong(t -> t.output().bytes() + Plan.inputBytes(t))
                                .sum())
                .toList();
    }

    static List<List<Integer>> of(List<Long> bytes, int count) {
        if (count < 1) {
            throw new IllegalArgumentException(count + " shares");
        }
        // The number of shares without shards is not limited.
        int filled = Math.min(count, bytes.size());
        PriorityQueue<Share> least =
                new PriorityQueue<>(
                        Comparator.<Share>comparingDouble(s -> s.bytes)
                                .thenComparingInt(s -> s.number));
        List<Share> shares = IntStream.range(0, filled).mapToObj(Share::new).toList();
        least.addAll(shares);
        IntStream.range(0, bytes.size())
                .boxed()
                .sorted(Comparator.comparing(bytes::get, Comparator.reverseOrder()))
                .forEach(shard -> {
                    Share share = least.remove();
                    share.shards.add(shard);
                    share.bytes += bytes.get(shard);
                    least.add(share);
                });
        List<List<Integer>> all = new ArrayList<>();
        shares.forEach(s -> all.add(s.shards.stream().sorted().toList()));
        all.addAll(Collections.nCopies(count - filled, List.of()));
        return all;
    }
}
