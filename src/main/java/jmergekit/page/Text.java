package jmergekit.page;

/// Plain text, escaped on output.
public record Text(String text) implements Node {}
