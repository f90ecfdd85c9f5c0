package jmergekit.manual;

/// An argument that is told by its place.
///
/// @param label what help calls it
/// @param required whether a command line must have it
/// @param many whether more of the kind may follow
/// @param summary sentences
public record Argument(String label, Value value, boolean required, boolean many, String summary) {}
