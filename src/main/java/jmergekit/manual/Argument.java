package jmergekit.manual;

/// A positional argument.
///
/// @param label its label in the help
/// @param required whether it is required
/// @param many whether it may be repeated
/// @param summary sentences
public record Argument(String label, Value value, boolean required, boolean many, String summary) {}
