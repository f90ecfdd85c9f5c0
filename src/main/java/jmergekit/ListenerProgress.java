package jmergekit;

import jmergekit.engine.Progress;

/// Reports the progress of the engine to a listener.
record ListenerProgress(Listener listener) implements Progress {
    @Override
    public void finished(String name, long bytes) {
        listener.merged(name, bytes);
    }

    @Override
    public void made(long bytes) {
        listener.made(bytes);
    }
}
