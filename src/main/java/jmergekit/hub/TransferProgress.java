package jmergekit.hub;

/// Listens to the progress of transfers. Called from several threads.
public interface TransferProgress {
    /// A message for the user: what is being looked up, or why it takes long.
    void note(String line);

    /// Files are about to be transferred.
    ///
    /// @param verb the action, such as `downloading`
    void begin(String verb, int files, long bytes);

    /// @param bytes more bytes that are done; negative if some have to be repeated
    void moved(long bytes);

    /// The transfer that [#begin] announced has ended, successfully or not.
    void end();
}
