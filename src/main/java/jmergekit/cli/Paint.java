package jmergekit.cli;

import java.util.Map;
import jmergekit.problem.Severity;

/// Colours of messages, as codes that all terminals support (ECMA-48, SGR). `NO_COLOR`,
/// <https://no-color.org>, turns them off, and `CLICOLOR_FORCE` turns them on without a terminal.
///
/// @param isOn whether colours are used
record Paint(boolean isOn) {
    static final Paint NONE = new Paint(false);

    private static final String RED_AND_BOLD = "1;31";
    private static final String YELLOW = "33";
    private static final String DIM = "2";

    /// The colours that the user wants for an output.
    ///
    /// @param environment the environment variables
    static Paint of(boolean isTerminal, Map<String, String> environment) {
        if (!environment.getOrDefault("NO_COLOR", "").isEmpty()) {
            return NONE;
        }
        String force = environment.getOrDefault("CLICOLOR_FORCE", "");
        boolean forced = !force.isEmpty() && !force.equals("0");
        boolean able = !environment.getOrDefault("TERM", "").equals("dumb");
        return new Paint(forced || (isTerminal && able));
    }

    /// `error:` or `warning:`
    String label(Severity severity) {
        return severity == Severity.ERROR
                ? painted(RED_AND_BOLD, "error:")
                : painted(YELLOW, "warning:");
    }

    /// A report with its hint dimmed.
    ///
    /// @param hint a part of it; may be empty
    String report(String report, String hint) {
        int at = hint.isEmpty() || !isOn ? -1 : report.lastIndexOf("; " + hint);
        return at < 0
                ? report
                : report.substring(0, at)
                        + painted(DIM, "; " + hint)
                        + report.substring(at + 2 + hint.length());
    }

    private String painted(String code, String text) {
        return isOn ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
