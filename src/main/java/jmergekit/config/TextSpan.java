package jmergekit.config;

/// A span of text, in code points.
///
/// @param end the exclusive end
/// @param anchor the leading anchor, such as `&name `; empty if there is none
record TextSpan(int start, int end, String anchor) {}
