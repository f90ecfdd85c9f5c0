package jmergekit.torchfile;

/// A member of a zip archive, as the archive's directory lists it.
///
/// @param headerAt where the member's own header begins, in bytes from the start of the file
/// @param end where the next member or the directory begins
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
