package jmergekit.page;

/// An axis of a chart.
///
/// @param label the quantity, with its unit if it has one; may be empty
public record Axis(String label, Scale scale) {}
