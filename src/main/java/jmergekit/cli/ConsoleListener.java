package jmergekit.cli;

import jmergekit.Listener;
import jmergekit.MergeProblem;
import jmergekit.problem.Printable;
import jmergekit.problem.Severity;
import org.jspecify.annotations.Nullable;

/// Shows the library's progress and warnings.
final class ConsoleListener implements Listener, AutoCloseable {
    private final Console console;
    private final boolean quiet;
    private final TransferDisplay transfers;
    private volatile @Nullable ProgressDisplay merging;

    ConsoleListener(Console console, boolean quiet) {
        this.console = console;
        this.quiet = quiet;
        this.transfers = new TransferDisplay(console, quiet);
    }

    @Override
    public void note(String line) {
        if (!quiet) {
            console.info(Printable.of(line));
        }
    }

    @Override
    public void warning(MergeProblem problem) {
        console.report(Severity.WARNING, problem);
    }

    @Override
    public void downloading(int files, long bytes) {
        transfers.end();
        transfers.begin("downloading", files, bytes);
    }

    @Override
    public void downloaded(long bytes) {
        transfers.moved(bytes);
    }

    @Override
    public void merging(int tensors, long bytes) {
        close();
        merging = ProgressDisplay.merging(tensors, bytes, quiet, console);
    }

    @Override
    public void made(long bytes) {
        ProgressDisplay current = merging;
        if (current != null) {
            current.made(bytes);
        }
    }

    @Override
    public void merged(String tensor, long bytes) {
        ProgressDisplay current = merging;
        if (current != null) {
            current.finished(tensor, bytes);
        }
    }

    /// Ends the display of the current work.
    @Override
    public void close() {
        transfers.end();
        ProgressDisplay current = merging;
        merging = null;
        if (current != null) {
            current.close();
        }
    }
}
