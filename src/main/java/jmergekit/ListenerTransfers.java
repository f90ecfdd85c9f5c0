package jmergekit;

import java.util.List;
import java.util.stream.Stream;
import jmergekit.hub.TransferProgress;

/// Tells listeners of transfers.
record ListenerTransfers(List<Listener> listeners) implements TransferProgress {
    /// Each of them once.
    static ListenerTransfers of(Listener... listeners) {
        return new ListenerTransfers(Stream.of(listeners).distinct().toList());
    }

    @Override
    public void note(String line) {
        listeners.forEach(l -> l.note(line));
    }

    @Override
    public void begin(String verb, int files, long bytes) {
        listeners.forEach(l -> l.downloading(files, bytes));
    }

    @Override
    public void moved(long bytes) {
        listeners.forEach(l -> l.downloaded(bytes));
    }

    @Override
    public void end() {}
}
