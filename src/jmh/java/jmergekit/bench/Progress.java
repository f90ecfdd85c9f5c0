package jmergekit.bench;

/// What the bench is at, for a person who waits; apart from the report on standard output.
final class Progress {
    private Progress() {}

    static void say(String format, Object... arguments) {
        System.err.println("bench: " + format.formatted(arguments));
    }
}
