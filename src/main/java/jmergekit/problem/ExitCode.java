package jmergekit.problem;

/// What the process tells its caller when it ends.
public enum ExitCode {
    OK(0, "All went well."),
    /// A defect of this program; the message asks for a report and a stack trace follows.
    BUG(1, "A defect of the program, which asks for a report."),
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

    /// What it tells, as a sentence.
    public String meaning() {
        return meaning;
    }

    /// The process exit status.
    public int status() {
        return status;
    }
}
