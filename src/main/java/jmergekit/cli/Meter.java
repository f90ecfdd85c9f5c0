package jmergekit.cli;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/// Shows how far something is: a bar on a terminal, a line every few seconds elsewhere, or nothing.
/// Used from several threads.
final class Meter implements AutoCloseable {
    private static final long LINE_NANOS = 5_000_000_000L;
    private static final long MEGABYTE = 1_000_000;

    private final @Nullable ProgressBar bar;
    private final @Nullable Console lines;
    private final AtomicLong nextLine = new AtomicLong(System.nanoTime() + LINE_NANOS);

    private Meter(@Nullable ProgressBar bar, @Nullable Console lines) {
        this.bar = bar;
        this.lines = lines;
    }

    /// @param task what is done, such as `merging`
    /// @param bytes of all of it
    static Meter of(String task, long bytes, boolean quiet, Console console) {
        if (quiet) {
            return new Meter(null, null);
        }
        if (System.console() == null || !System.console().isTerminal()) {
            return new Meter(null, console);
        }
        return new Meter(
                new ProgressBarBuilder()
                        .setTaskName(task)
                        .setInitialMax(bytes)
                        .setUnit(" MB", MEGABYTE)
                        .setStyle(ProgressBarStyle.ASCII)
                        .showSpeed()
                        .setUpdateIntervalMillis(200)
                        .clearDisplayOnFinish()
                        .build(),
                null);
    }

    /// @param done bytes
    /// @param detail shown beside the bar
    /// @param line shown instead where there is no bar
    void show(long done, String detail, Supplier<String> line) {
        if (bar != null) {
            bar.stepTo(done);
            bar.setExtraMessage(detail);
        }
        if (lines != null) {
            long due = nextLine.get();
            if (System.nanoTime() >= due && nextLine.compareAndSet(due, due + LINE_NANOS)) {
                lines.info(line.get());
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
