package jmergekit.cli;

import java.util.Map;
import jmergekit.problem.Severity;

/// Colours of messages, in the codes that all terminals know (ECMA-48, SGR). Users turn them off by
/// `NO_COLOR`, <https://no-color.org>, and on where there is no terminal by `CLICOLOR_FORCE`.
///
/// @param isOn whether there are any
record Paint(boolean isOn) {
    static final Paint NONE = new Paint(false);

    private static final String RED_AND_BOLD = "1;31";
    private static final String YELLOW = "33";
    private static final String DIM = "2";

    /// The colours that the user wants in an output.
    ///
    /// @param environment the environment's variables
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

    /// A report with its hint in a dim colour.
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
