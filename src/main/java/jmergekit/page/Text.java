package jmergekit.page;

/// Text as it is to be read: it is escaped when it is written.
public record Text(String text) implements Node {}
