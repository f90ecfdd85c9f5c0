package jmergekit.page;

/// A side of a chart.
///
/// @param label what is measured, with its unit if it has one; may be empty
public record Axis(String label, Scale scale) {}
