package jmergekit.cli;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import jmergekit.engine.Progress;
import jmergekit.plan.MergePlan;
import jmergekit.problem.ByteSize;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/// Shows how far a run is: a bar on a terminal, a line every few seconds elsewhere, or nothing.
final class ProgressDisplay implements Progress, AutoCloseable {
    private static final long LINE_NANOS = 5_000_000_000L;
    private static final long MEGABYTE = 1_000_000;

    private final int tensors;
    private final long bytes;
    private final @Nullable ProgressBar bar;
    private final @Nullable Console lines;
    private final AtomicInteger tensorsDone = new AtomicInteger();
    private final AtomicLong bytesDone = new AtomicLong();
    private final AtomicLong nextLine = new AtomicLong(System.nanoTime() + LINE_NANOS);

    private ProgressDisplay(MergePlan plan, @Nullable ProgressBar bar, @Nullable Console lines) {
        this.tensors = plan.tasks().size();
        this.bytes = plan.outputBytes();
        this.bar = bar;
        this.lines = lines;
    }

    static ProgressDisplay of(MergePlan plan, boolean quiet, Console console) {
        if (quiet) {
            return new ProgressDisplay(plan, null, null);
        }
        if (System.console() == null || !System.console().isTerminal()) {
            return new ProgressDisplay(plan, null, console);
        }
        ProgressBar bar =
                new ProgressBarBuilder()
                        .setTaskName("merging")
                        .setInitialMax(plan.outputBytes())
                        .setUnit(" MB", MEGABYTE)
                        .setStyle(ProgressBarStyle.ASCII)
                        .showSpeed()
                        .setUpdateIntervalMillis(200)
                        .clearDisplayOnFinish()
                        .build();
        return new ProgressDisplay(plan, bar, null);
    }

    @Override
    public void finished(String name, long size) {
        int count = tensorsDone.incrementAndGet();
        long total = bytesDone.addAndGet(size);
        if (bar != null) {
            bar.stepTo(total);
            bar.setExtraMessage(count + "/" + tensors + " tensors");
        }
        if (lines != null) {
            long due = nextLine.get();
            if (System.nanoTime() >= due && nextLine.compareAndSet(due, due + LINE_NANOS)) {
                lines.info(
                        "merged %d of %d tensors, %s of %s"
                                .formatted(
                                        count,
                                        tensors,
                                        ByteSize.text(total),
                                        ByteSize.text(bytes)));
            }
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
