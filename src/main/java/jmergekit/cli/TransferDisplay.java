package jmergekit.cli;

import java.util.concurrent.atomic.AtomicLong;
import jmergekit.hub.TransferProgress;
import jmergekit.problem.ByteSize;
import jmergekit.problem.Printable;
import org.jspecify.annotations.Nullable;

/// Shows the progress of downloads and uploads.
final class TransferDisplay implements TransferProgress {
    private final Console console;
    private final boolean quiet;
    private final AtomicLong moved = new AtomicLong();
    private volatile @Nullable Meter current;

    TransferDisplay(Console console, boolean quiet) {
        this.console = console;
        this.quiet = quiet;
    }

    @Override
    public void note(String line) {
        if (!quiet) {
            console.info(Printable.of(line));
        }
    }

    @Override
    public void begin(String verb, int files, long bytes) {
        note("%s %d file(s), %s".formatted(verb, files, ByteSize.text(bytes)));
        moved.set(0);
        current = new Meter(verb, bytes, quiet, console);
    }

    @Override
    public void moved(long bytes) {
        long total = moved.addAndGet(bytes);
        Meter meter = current;
        if (meter != null) {
            meter.show(total, "");
        }
    }

    @Override
    public void end() {
        Meter meter = current;
        current = null;
        if (meter != null) {
            meter.close();
        }
    }
}
