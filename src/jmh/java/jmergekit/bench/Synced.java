package jmergekit.bench;

/// A merge as it is by default, which ends when its output is on the disk, and what a copy takes
/// until it is there.
///
/// @param copySeconds for `cp` of a file as large as the output, and `sync` of the copy
record Synced(double copySeconds, MergeRun merge) {
    @Override
    public String toString() {
        return "on the disk: cp and sync %.2f s, merge %.2f s"
                .formatted(copySeconds, merge.seconds());
    }
}
