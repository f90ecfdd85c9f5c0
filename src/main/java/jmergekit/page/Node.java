package jmergekit.page;

/// A part of a page: an element, text, or the page's own style and script.
public sealed interface Node permits Element, Text, Verbatim {}
