package jmergekit.problem;

/// Whether a problem stops the run.
public enum Severity {
    ERROR,
    WARNING
}
