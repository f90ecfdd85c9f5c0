package jmergekit.hub;

/// Hears how far transfers are. Called from several threads.
public interface TransferProgress {
    /// Something worth telling: what is being looked up, or why it takes long.
    void note(String line);

    /// Files are about to be moved.
    ///
    /// @param verb what is done, such as `downloading`
    void begin(String verb, int files, long bytes);

    /// @param bytes more that are done; negative if some have to be done again
    void moved(long bytes);

    /// The transfer that [#begin] announced has ended, for better or worse.
    void end();
}
