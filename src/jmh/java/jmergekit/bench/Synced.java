package jmergekit.bench;

/// A merge with default options, which ends when its output is on disk, and the time of a copy that
/// also waits for the disk.
///
/// @param copySeconds for `cp` of a file as large as the output, and `sync` of the copy
record Synced(double copySeconds, MergeRun merge) {
    @Override
    public String toString() {
        return "on the disk: cp and sync %.2f s, merge %.2f s"
                .formatted(copySeconds, merge.seconds());
    }
}
