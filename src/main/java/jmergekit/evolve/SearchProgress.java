package jmergekit.evolve;

/// Hears how far a search is.
public interface SearchProgress {
    /// Something to tell, in one line.
    void say(String line);

    /// A model was scored, or could not be.
    ///
    /// @param done candidates that have ended
    /// @param most candidates that may come
    /// @param best the greatest objective up to now, NaN if there is none
    void evaluated(Evaluation evaluation, long done, long most, double best);
}
