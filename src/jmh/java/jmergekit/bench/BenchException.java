package jmergekit.bench;

/// An error that the user of the bench can fix, described in the message.
final class BenchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BenchException(String message) {
        super(message);
    }
}
