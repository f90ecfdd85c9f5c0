package jmergekit.problem;

/// What the process tells its caller when it ends.
public enum ExitCode {
    OK(0),
    /// A defect of this program; the message asks for a report and a stack trace follows.
    BUG(1),
    /// The command line or the recipe is wrong.
    RECIPE(2),
    /// An input model, tokenizer or file was refused.
    INPUT(3),
    /// The output could not be written.
    OUTPUT(4),
    /// Stopped by the user (SIGINT), as shells report it.
    INTERRUPTED(130);

    private final int status;

    ExitCode(int status) {
        this.status = status;
    }

    /// The process exit status.
    public int status() {
        return status;
    }
}
