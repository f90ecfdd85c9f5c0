/// Times whole merges of random models, each run as its own process, against reading and
/// copying the same bytes. Uses nothing of the program itself: it writes its models and starts the launcher.
@org.jspecify.annotations.NullMarked
package jmergekit.bench;
