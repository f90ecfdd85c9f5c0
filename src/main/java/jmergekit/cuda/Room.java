package jmergekit.cuda;

/// Device memory that a pass takes besides the sources, the output and what all passes take.
///
/// @param ofSegment bytes for each segment
/// @param ofRow bytes for each row along the last dimension
/// @param fixed bytes whatever the size of the chunk
record Room(long ofSegment, long ofRow, long fixed) {
    static final Room NONE = new Room(0, 0, 0);

    static Room ofSegment(long bytes) {
        return new Room(bytes, 0, 0);
    }

    static Room ofRow(long bytes) {
        return new Room(0, bytes, 0);
    }

    static Room fixed(long bytes) {
        return new Room(0, 0, bytes);
    }

    Room plus(Room other) {
        return new Room(ofSegment + other.ofSegment, ofRow + other.ofRow, fixed + other.fixed);
    }
}
