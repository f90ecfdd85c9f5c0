package jmergekit;

import jmergekit.hub.TransferProgress;

/// Tells a listener of transfers.
record ListenerTransfers(Listener listener) implements TransferProgress {
    @Override
    public void note(String line) {
        listener.note(line);
    }

    @Override
    public void begin(String verb, int files, long bytes) {
        listener.downloading(files, bytes);
    }

    @Override
    public void moved(long bytes) {
        listener.downloaded(bytes);
    }

    @Override
    public void end() {}
}
