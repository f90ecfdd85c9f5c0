package jmergekit.evaluate;

/// The reason why a model has no score.
public final class EvaluationException extends Exception {
    private static final long serialVersionUID = 1L;

    /// @param message what went wrong, in one line, followed by the end of a log if there is one
    public EvaluationException(String message) {
        super(message);
    }

    public EvaluationException(String message, Throwable cause) {
        super(message, cause);
    }
}
