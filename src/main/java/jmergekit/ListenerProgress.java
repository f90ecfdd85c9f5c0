package jmergekit;

import jmergekit.engine.Progress;

/// Tells a listener how far the engine is.
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
