package jmergekit.evolve;

/// Receives the progress of a search.
public interface SearchProgress {
    /// A one-line message.
    void say(String line);

    /// A model was scored, or could not be.
    ///
    /// @param done candidates that have ended
    /// @param most maximum number of candidates
    /// @param best the greatest objective so far, NaN if there is none
    void evaluated(Evaluation evaluation, long done, long most, double best);
}
