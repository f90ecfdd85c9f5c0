package jmergekit.hub;

/// Passes on notes only, for transfers too small for a progress bar.
record QuietProgress(TransferProgress progress) implements TransferProgress {
    @Override
    public void note(String line) {
        progress.note(line);
    }

    @Override
    public void begin(String verb, int files, long bytes) {}

    @Override
    public void moved(long bytes) {}

    @Override
    public void end() {}
}
