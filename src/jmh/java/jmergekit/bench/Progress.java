package jmergekit.bench;

/// Progress messages for the user; separate from the report on standard output.
final class Progress {
    private Progress() {}

    static void say(String format, Object... arguments) {
        System.err.println("bench: " + format.formatted(arguments));
    }
}
