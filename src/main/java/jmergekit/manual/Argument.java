package jmergekit.manual;

/// A positional argument.
///
/// @param label what help calls it
/// @param required whether a command line must have it
/// @param many whether more of the kind may follow
/// @param summary sentences
public record Argument(String label, Value value, boolean required, boolean many, String summary) {}
