package jmergekit.config;

/// Where something is written, in code points of the text.
///
/// @param end the place behind it
/// @param anchor as in `&name `, with which it begins; empty if it has none
record TextSpan(int start, int end, String anchor) {}
