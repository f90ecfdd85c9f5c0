package jmergekit.cli;

import java.util.concurrent.atomic.AtomicLong;
import jmergekit.model.hub.TransferProgress;
import jmergekit.problem.ByteSize;
import jmergekit.problem.Printable;
import org.jspecify.annotations.Nullable;

/// Shows how far downloads and uploads are.
final class TransferDisplay implements TransferProgress {
    private final Console console;
    private final boolean quiet;
    private final AtomicLong moved = new AtomicLong();
    private volatile @Nullable Transfer current;

    private record Transfer(String verb, long bytes, Meter meter) {}

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
        current = new Transfer(verb, bytes, Meter.of(verb, bytes, quiet, console));
    }

    @Override
    public void moved(long bytes) {
        long total = moved.addAndGet(bytes);
        Transfer transfer = current;
        if (transfer != null) {
            transfer.meter()
                    .show(
                            total,
                            "",
                            () ->
                                    "%s: %s of %s"
                                            .formatted(
                                                    transfer.verb(),
                                                    ByteSize.text(total),
                                                    ByteSize.text(transfer.bytes())));
        }
    }

    @Override
    public void end() {
        Transfer transfer = current;
        current = null;
        if (transfer != null) {
            transfer.meter().close();
        }
    }
}
