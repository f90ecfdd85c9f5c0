package jmergekit.cli;

import java.util.concurrent.atomic.AtomicBoolean;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressState;
import org.jspecify.annotations.Nullable;

/// Shows progress: a bar on a terminal, a line every few seconds elsewhere, or nothing.
/// Thread-safe.
final class Meter implements AutoCloseable {
    private static final int BAR_MILLIS = 200;
    private static final int LINE_MILLIS = 5000;
    private static final int LINE_WIDTH = 100;

    private final @Nullable ProgressBar bar;
    private final AtomicBoolean closed = new AtomicBoolean();

    /// @param task the name of the task, such as `merging`
    /// @param bytes the total
    Meter(String task, long bytes, boolean quiet, Console console) {
        if (quiet) {
            bar = null;
            return;
        }
        long start = System.nanoTime();
        boolean isTerminal = Terminals.ofProcess().err();
        Pace pace = new Pace(bytes);
        // Redraws each time even if nothing has changed: the time left is shorter, and the program
        // shows that it is alive.
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

    // Pads a line to cover the remains of a longer one.
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

    /// @param done bytes done
    /// @param detail shown next to them
    void show(long done, String detail) {
        if (bar != null) {
            bar.stepTo(done);
            bar.setExtraMessage(detail);
        }
    }

    /// The same, keeping the previous detail.
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

    /// Prints lines as they come, but none at the start and the end, since short tasks need none.
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
