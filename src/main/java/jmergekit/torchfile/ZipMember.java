package jmergekit.torchfile;

/// A member of a zip archive, as listed in the archive's directory.
///
/// @param headerAt the offset of the member's local header in the file
/// @param end the offset of the next member or the directory
/// @param storedBytes its size in the archive
/// @param bytes its size
record ZipMember(
        String name,
        boolean encrypted,
        int method,
        long headerAt,
        long end,
        long storedBytes,
        long bytes) {

    private static final int STORED = 0;

    boolean isPlain() {
        return method == STORED && !encrypted && storedBytes == bytes;
    }

    ZipMember endingAt(long next) {
        return new ZipMember(name, encrypted, method, headerAt, next, storedBytes, bytes);
    }
}
