package jmergekit.cli;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import jmergekit.engine.Progress;
import jmergekit.problem.ByteSize;

/// Shows how far a run is.
final class ProgressDisplay implements Progress, AutoCloseable {
    private final String done;
    private final int tensors;
    private final long bytes;
    private final Meter meter;
    private final AtomicInteger tensorsDone = new AtomicInteger();
    private final AtomicLong bytesDone = new AtomicLong();

    private ProgressDisplay(String done, int tensors, long bytes, Meter meter) {
        this.done = done;
        this.tensors = tensors;
        this.bytes = bytes;
        this.meter = meter;
    }

    static ProgressDisplay merging(int tensors, long bytes, boolean quiet, Console console) {
        Meter meter = Meter.of("merging", bytes, quiet, console);
        return new ProgressDisplay("merged", tensors, bytes, meter);
    }

    static ProgressDisplay extracting(int tensors, long bytes, boolean quiet, Console console) {
        Meter meter = Meter.of("extracting", bytes, quiet, console);
        return new ProgressDisplay("extracted", tensors, bytes, meter);
    }

    @Override
    public void finished(String name, long size) {
        int count = tensorsDone.incrementAndGet();
        long total = bytesDone.addAndGet(size);
        meter.show(
                total,
                count + "/" + tensors + " tensors",
                () ->
                        "%s %d of %d tensors, %s of %s"
                                .formatted(
                                        done,
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
