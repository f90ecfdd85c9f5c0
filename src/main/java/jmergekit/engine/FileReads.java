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

/// What the tasks of a run read from files, in the order in which they start.
final class FileReads {
    /// Bytes that are read at once.
    static final long PIECE = 4L << 20;

    private final List<Stretch> stretches = new ArrayList<>();
    private final Map<TensorTask, Stretch> ofTasks = new IdentityHashMap<>();
    private long bytes;

    /// Bytes of a stored tensor, relative to its start.
    record Range(Source.Stored stored, long begin, long end) {
        long bytes() {
            return end - begin;
        }

        /// One of `count` parts of about equal size.
        Range part(int index, int count) {
            return new Range(stored, border(index, count), border(index + 1, count));
        }

        private long border(int index, int count) {
            long each = bytes() / count;
            return index == count ? end : begin + index * each;
        }
    }

    /// What one task reads: all of its tensors are read in parallel from front to back.
    ///
    /// @param position where it starts in the bytes of all tasks
    record Stretch(long position, long bytes, List<Range> ranges) {
        /// The position of a task that has completed the given share of its work.
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

    /// A piece to read, and the position where it is needed.
    record Located(long position, Range range) {}

    /// @param groups tasks in the order in which they start; those of a group run together
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

    // An inner task comes before the task that reads its output.
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

    /// The bytes that all tasks read.
    long bytes() {
        return bytes;
    }

    /// What a task reads; empty for an unknown task.
    Stretch of(TensorTask task) {
        return ofTasks.getOrDefault(task, new Stretch(0, 0, List.of()));
    }

    /// All pieces, in the order in which they are needed.
    Iterator<Located> pieces() {
        return stretches.stream().flatMap(Stretch::pieces).iterator();
    }
}
