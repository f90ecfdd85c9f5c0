/// Times whole merges of random models, each run as a separate process, against reading and copying
/// the same bytes. It does not use the program's classes: it generates its models and starts the
/// launcher.
@org.jspecify.annotations.NullMarked
package jmergekit.bench;
