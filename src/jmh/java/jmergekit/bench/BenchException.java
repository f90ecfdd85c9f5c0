package jmergekit.bench;

/// Something that the user of the bench can put right; the message says what.
final class BenchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BenchException(String message) {
        super(message);
    }
}
