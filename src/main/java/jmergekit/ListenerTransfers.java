package jmergekit;

import java.util.List;
import java.util.stream.Stream;
import jmergekit.hub.TransferProgress;

/// Reports transfers to listeners.
record ListenerTransfers(List<Listener> listeners) implements TransferProgress {
    /// Each listener is called once, even if it is given twice.
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
