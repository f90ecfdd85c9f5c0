package jmergekit.problem;

import org.jspecify.annotations.Nullable;

/// A single problem: where it is, what it is, what was expected and found, and what to do about it.
///
/// All texts are fragments: lower case, no full stop, values in single quotes. `where` is a file, a
/// `file:line:column`, a model or a command-line option.
public record Problem(
        Severity severity,
        ExitCode exitCode,
        String where,
        String what,
        @Nullable String expected,
        @Nullable String found,
        @Nullable String hint,
        @Nullable Location location) {

    /// An error at a known location in the recipe.
    public static Problem recipe(Location at, String what) {
        return new Problem(
                Severity.ERROR, ExitCode.RECIPE, at.toString(), what, null, null, null, at);
    }

    /// An error in the command line, or in a recipe without a single location.
    public static Problem usage(String where, String what) {
        return new Problem(Severity.ERROR, ExitCode.RECIPE, where, what, null, null, null, null);
    }

    /// An input that was refused; `where` names the file or model.
    public static Problem input(String where, String what) {
        return new Problem(Severity.ERROR, ExitCode.INPUT, where, what, null, null, null, null);
    }

    /// An output that could not be written; `where` names the file or folder.
    public static Problem output(String where, String what) {
        return new Problem(Severity.ERROR, ExitCode.OUTPUT, where, what, null, null, null, null);
    }

    /// A defect of the program, or of a plugin, in work on `where`.
    public static Problem defect(String where, String what) {
        return new Problem(Severity.ERROR, ExitCode.BUG, where, what, null, null, null, null);
    }

    /// The same problem with what was expected.
    public Problem expected(String text) {
        return new Problem(severity, exitCode, where, what, text, found, hint, location);
    }

    /// The same problem with what was found instead.
    public Problem found(String text) {
        return new Problem(severity, exitCode, where, what, expected, text, hint, location);
    }

    /// The same problem with what the user can do.
    public Problem hint(String text) {
        return new Problem(severity, exitCode, where, what, expected, found, text, location);
    }

    /// The same problem with another name for the file.
    public Problem of(String file) {
        return new Problem(severity, exitCode, file, what, expected, found, hint, location);
    }

    /// The same problem as a warning.
    public Problem asWarning() {
        return new Problem(
                Severity.WARNING, exitCode, where, what, expected, found, hint, location);
    }

    /// The same problem as an error (`--strict`).
    public Problem asError() {
        return new Problem(Severity.ERROR, exitCode, where, what, expected, found, hint, location);
    }

    /// The whole report: `where: what (expected E, found F); hint`, then the line of the recipe.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append(Printable.of(where)).append(": ").append(Printable.of(what));
        if (expected != null || found != null) {
            text.append(" (");
            if (expected != null) {
                text.append("expected ").append(Printable.of(expected));
            }
            if (found != null) {
                text.append(expected != null ? ", found " : "found ").append(Printable.of(found));
            }
            text.append(')');
        }
        if (hint != null) {
            text.append("; ").append(Printable.of(hint));
        }
        if (location != null && !location.excerpt().isEmpty()) {
            text.append(System.lineSeparator()).append(location.excerpt());
        }
        return text.toString();
    }
}
