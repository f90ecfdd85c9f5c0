package jmergekit.cuda;

/// Device memory that a pass needs in addition to the sources, the output and what all passes need.
///
/// @param ofSegment bytes for each segment
/// @param ofRow bytes for each row along the last dimension
/// @param fixed bytes independent of the chunk size
record Workspace(long ofSegment, long ofRow, long fixed) {
    static final Workspace NONE = new Workspace(0, 0, 0);

    static Workspace ofSegment(long bytes) {
        return new Workspace(bytes, 0, 0);
    }

    static Workspace ofRow(long bytes) {
        return new Workspace(0, bytes, 0);
    }

    static Workspace fixed(long bytes) {
        return new Workspace(0, 0, bytes);
    }

    Workspace plus(Workspace other) {
        return new Workspace(ofSegment + other.ofSegment, ofRow + other.ofRow, fixed + other.fixed);
    }
}
