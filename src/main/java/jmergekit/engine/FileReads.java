package jmergekit.engine;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import jmergekit.plan.Rearranged;
import jmergekit.plan.Source;
import jmergekit.plan.TensorTask;

/// What the tasks of a run read of files, in the order in which they start.
final class FileReads {
    /// Bytes that are read at once.
    static final long PIECE = 4L << 20;

    private final List<Stretch> stretches = new ArrayList<>();
    private final Map<TensorTask, Stretch> ofTasks = new IdentityHashMap<>();
    private long bytes;

    /// Bytes of a stored tensor, from its first one on.
    record Range(Source.Stored stored, long begin, long end) {
        long bytes() {
            return end - begin;
        }

        /// One of `count` parts that are about as large as each other.
        Range part(int index, int count) {
            return new Range(stored, border(index, count), border(index + 1, count));
        }

        private long border(int index, int count) {
            long each = bytes() / count;
            return index == count ? end : begin + index * each;
        }
    }

    /// What one task reads, from front to back in all of its tensors at the same time.
    ///
    /// @param position where it begins in the bytes of all tasks
    record Stretch(long position, long bytes, List<Range> ranges) {
        /// Where a task is that has done a share of its work.
        long at(double share) {
            return position + (long) (share * bytes);
        }

        private Stream<Located> pieces() {
            long longest = ranges.stream().mapToLong(Range::bytes).max().orElse(0);
            int count = Math.toIntExact(Math.max(1, longest / PIECE));
            return IntStream.range(0, count)
                    .boxed()
                    .flatMap(i ->
                            ranges.stream()
                                    .map(r -> new Located(at((double) i / count), r.part(i, count)))
                                    .filter(p -> p.range.bytes() > 0));
        }
    }

    /// A piece to read, and where it is needed.
    record Located(long position, Range range) {}

    /// @param groups tasks that start one after the other, each with those that run together with it
    static FileReads of(List<List<TensorTask>> groups) {
        FileReads reads = new FileReads();
        for (List<TensorTask> together : groups) {
            for (int part = 0; part < together.getFirst().parts().size(); part++) {
                for (TensorTask task : together) {
                    reads.add(task.parts().get(part));
                }
            }
        }
        return reads;
    }

    private void add(TensorTask task) {
        if (ofTasks.containsKey(task)) {
            return;
        }
        List<Range> ranges = new ArrayList<>();
        task.sources().forEach(s -> add(s, ranges));
        long size = ranges.stream().mapToLong(Range::bytes).sum();
        Stretch stretch = new Stretch(bytes, size, List.copyOf(ranges));
        ofTasks.put(task, stretch);
        stretches.add(stretch);
        bytes += size;
    }

    // An inner task comes before the one that reads its output.
    private void add(Source source, List<Range> ranges) {
        switch (source) {
            case Source.Stored s ->
                    ranges.add(new Range(s, 0, s.entry().end() - s.entry().begin()));
            case Source.Made s when s.task().keepsStored() ->
                    add(s.task().sources().getFirst(), ranges);
            case Source.Made s -> s.task().parts().forEach(this::add);
            case Rearranged.Rows s -> rows(s, ranges);
            default -> source.parts().forEach(p -> add(p, ranges));
        }
    }

    private void rows(Rearranged.Rows rows, List<Range> ranges) {
        List<Range> whole = new ArrayList<>();
        add(rows.tensor(), whole);
        long all = rows.tensor().shape().elements() / rows.columns();
        long count = rows.shape().elements() / rows.columns();
        long end = Math.min(all, rows.first() + count * rows.step());
        for (Range range : whole) {
            ranges.add(
                    new Range(
                            range.stored,
                            range.begin + scaled(range.bytes(), rows.first(), all),
                            range.begin + scaled(range.bytes(), end, all)));
        }
    }

    private static long scaled(long bytes, long rows, long all) {
        return (long) ((double) bytes / all * rows);
    }

    /// Bytes of all tasks.
    long bytes() {
        return bytes;
    }

    /// What a task reads; nothing if it is none of these.
    Stretch of(TensorTask task) {
        return ofTasks.getOrDefault(task, new Stretch(0, 0, List.of()));
    }

    /// All of it, in the order in which it is needed.
    Iterator<Located> pieces() {
        return stretches.stream().flatMap(Stretch::pieces).iterator();
    }
}
