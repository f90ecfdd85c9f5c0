package jmergekit.problem;

/// The exit codes of the process.
public enum ExitCode {
    OK(0, "Success."),
    /// A defect of this program; the message asks the user to report it, followed by a stack trace.
    BUG(1, "A defect of the program; please report it."),
    /// The command line or the recipe is wrong.
    RECIPE(2, "The command line or the recipe is wrong."),
    /// An input model, tokenizer or file was refused.
    INPUT(3, "An input model, tokenizer or file was refused."),
    /// The output could not be written.
    OUTPUT(4, "The output could not be written."),
    /// Stopped by the user (SIGINT), as shells report it.
    INTERRUPTED(130, "Stopped by the user.");

    private final int status;
    private final String meaning;

    ExitCode(int status, String meaning) {
        this.status = status;
        this.meaning = meaning;
    }

    /// The meaning, as a sentence.
    public String meaning() {
        return meaning;
    }

    /// The process exit status.
    public int status() {
        return status;
    }
}
