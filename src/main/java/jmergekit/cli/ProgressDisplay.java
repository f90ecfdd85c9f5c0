package jmergekit.cli;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import jmergekit.engine.Progress;
import jmergekit.plan.RunPlan;
import jmergekit.problem.ByteSize;

/// Shows how far a merge is.
final class ProgressDisplay implements Progress, AutoCloseable {
    private final int tensors;
    private final long bytes;
    private final Meter meter;
    private final AtomicInteger tensorsDone = new AtomicInteger();
    private final AtomicLong bytesDone = new AtomicLong();

    private ProgressDisplay(RunPlan plan, Meter meter) {
        this.tensors = plan.tasks().size();
        this.bytes = plan.outputBytes();
        this.meter = meter;
    }

    static ProgressDisplay of(RunPlan plan, boolean quiet, Console console) {
        return new ProgressDisplay(plan, Meter.of("merging", plan.outputBytes(), quiet, console));
    }

    @Override
    public void finished(String name, long size) {
        int count = tensorsDone.incrementAndGet();
        long total = bytesDone.addAndGet(size);
        meter.show(
                total,
                count + "/" + tensors + " tensors",
                () ->
                        "merged %d of %d tensors, %s of %s"
                                .formatted(
                                        count,
                                        tensors,
                                        ByteSize.text(total),
                                        ByteSize.text(bytes)));
    }

    @Override
    public void close() {
        meter.close();
    }
}
