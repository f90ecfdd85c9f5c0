package jmergekit.cli;

import java.util.concurrent.atomic.AtomicBoolean;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressState;
import org.jspecify.annotations.Nullable;

/// Shows how far something is: a bar on a terminal, a line every few seconds elsewhere, or nothing.
/// Used from several threads.
final class Meter implements AutoCloseable {
    private static final int BAR_MILLIS = 200;
    private static final int LINE_MILLIS = 5000;
    private static final int LINE_WIDTH = 100;

    private final @Nullable ProgressBar bar;
    private final AtomicBoolean closed = new AtomicBoolean();

    /// @param task what is done, such as `merging`
    /// @param bytes of all of it
    Meter(String task, long bytes, boolean quiet, Console console) {
        if (quiet) {
            bar = null;
            return;
        }
        long start = System.nanoTime();
        boolean isTerminal = Terminals.ofProcess().err();
        Pace pace = new Pace(bytes);
        // Each time, even if nothing has changed: the rest is shorter, and the program alive.
        ProgressBarBuilder builder =
                new ProgressBarBuilder()
                        .setTaskName(task)
                        .setInitialMax(bytes)
                        .continuousUpdate()
                        .setRenderer((state, width) -> {
                            String line = line(state, pace, start).text(width);
                            return isTerminal ? padded(line, width) : line;
                        });
        bar =
                isTerminal
                        ? builder.setUpdateIntervalMillis(BAR_MILLIS).clearDisplayOnFinish().build()
                        : builder.setUpdateIntervalMillis(LINE_MILLIS)
                                .setConsumer(new Lines(console, start, closed))
                                .build();
    }

    // Over what a longer line has left.
    private static String padded(String line, int width) {
        return line + " ".repeat(Math.max(0, width - line.length()));
    }

    private static ProgressLine line(ProgressState state, Pace pace, long start) {
        pace.note(System.nanoTime() - start, state.getCurrent());
        return new ProgressLine(
                state.getTaskName(),
                state.getCurrent(),
                state.getMax(),
                state.getExtraMessage(),
                pace.speed(),
                pace.left());
    }

    /// @param done bytes
    /// @param detail shown beside them
    void show(long done, String detail) {
        if (bar != null) {
            bar.stepTo(done);
            bar.setExtraMessage(detail);
        }
    }

    /// The same beside what was shown before.
    void show(long done) {
        if (bar != null) {
            bar.stepTo(done);
        }
    }

    @Override
    public void close() {
        closed.set(true);
        if (bar != null) {
            bar.close();
        }
    }

    /// Prints lines as they come, but none at the start and the end: what is short needs none.
    private record Lines(Console console, long start, AtomicBoolean closed)
            implements ProgressBarConsumer {
        @Override
        public int getMaxRenderedLength() {
            return LINE_WIDTH;
        }

        @Override
        public void accept(String line) {
            long millis = (System.nanoTime() - start) / 1_000_000;
            if (!closed.get() && millis >= LINE_MILLIS / 2) {
                console.info(line);
            }
        }

        @Override
        public void close() {}
    }
}
