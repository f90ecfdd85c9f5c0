package jmergekit.cli;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import jmergekit.engine.Progress;

/// Shows the progress of a run.
final class ProgressDisplay implements Progress, AutoCloseable {
    private final String unit;
    private final int count;
    private final Meter meter;
    private final AtomicInteger unitsDone = new AtomicInteger();
    private final AtomicLong bytesDone = new AtomicLong();
    private final AtomicLong bytesMade = new AtomicLong();

    private ProgressDisplay(String unit, int count, Meter meter) {
        this.unit = unit;
        this.count = count;
        this.meter = meter;
    }

    static ProgressDisplay merging(int tensors, long bytes, boolean quiet, Console console) {
        Meter meter = new Meter("merging", bytes, quiet, console);
        return new ProgressDisplay("tensors", tensors, meter);
    }

    static ProgressDisplay mergingShards(int shards, long bytes, boolean quiet, Console console) {
        Meter meter = new Meter("merging", bytes, quiet, console);
        return new ProgressDisplay("shards", shards, meter);
    }

    static ProgressDisplay comparing(int tensors, long bytes, boolean quiet, Console console) {
        Meter meter = new Meter("comparing", bytes, quiet, console);
        return new ProgressDisplay("tensors", tensors, meter);
    }

    static ProgressDisplay extracting(int modules, long bytes, boolean quiet, Console console) {
        Meter meter = new Meter("extracting", bytes, quiet, console);
        return new ProgressDisplay("modules", modules, meter);
    }

    static ProgressDisplay approximating(int rows, long bytes, boolean quiet, Console console) {
        Meter meter = new Meter("approximating", bytes, quiet, console);
        return new ProgressDisplay("rows", rows, meter);
    }

    static ProgressDisplay measuring(int layers, long bytes, boolean quiet, Console console) {
        Meter meter = new Meter("measuring", bytes, quiet, console);
        return new ProgressDisplay("layers", layers, meter);
    }

    @Override
    public void finished(String name, long size) {
        int finished = unitsDone.incrementAndGet();
        // Some work reports only finished units, not their parts.
        long done = Math.max(bytesDone.addAndGet(size), bytesMade.get());
        meter.show(done, "%d/%d %s".formatted(finished, count, unit));
    }

    @Override
    public void made(long bytes) {
        meter.show(Math.max(bytesMade.addAndGet(bytes), bytesDone.get()));
    }

    @Override
    public void close() {
        meter.close();
    }
}
