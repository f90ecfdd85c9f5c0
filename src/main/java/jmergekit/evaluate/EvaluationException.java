package jmergekit.evaluate;

/// Says why a model has no score.
public final class EvaluationException extends Exception {
    private static final long serialVersionUID = 1L;

    /// @param message what went wrong, in one line, with the end of a log after it if there is one
    public EvaluationException(String message) {
        super(message);
    }

    public EvaluationException(String message, Throwable cause) {
        super(message, cause);
    }
}
