package jmergekit.cli;

import java.io.Console;

/// Which of the program's outputs are terminals.
///
/// @param out standard output
/// @param err standard error, where messages and progress go
record Terminals(boolean out, boolean err) {
    /// For captured output, as in tests.
    static final Terminals NONE = new Terminals(false, false);

    /// Set by the launcher, since the JVM only knows whether standard input and output are both
    /// terminals.
    private static final String OUT = "jmergekit.terminal.output";

    private static final String ERR = "jmergekit.terminal";

    /// The terminals of this process.
    static Terminals ofProcess() {
        return new Terminals(isTerminal(OUT), isTerminal(ERR));
    }

    private static boolean isTerminal(String property) {
        String told = System.getProperty(property);
        if (told != null) {
            return told.equals("true");
        }
        // A console may exist even if nothing is a terminal.
        Console console = System.console();
        return console != null && console.isTerminal();
    }
}
