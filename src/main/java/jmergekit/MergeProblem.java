package jmergekit;

import java.util.Optional;
import java.util.OptionalInt;
import jmergekit.problem.ExitCode;
import jmergekit.problem.Problem;
import jmergekit.problem.Severity;

/// One error or warning. The texts are fragments: lower case, without a full stop.
///
/// @param kind where the cause is
/// @param warning whether this is a warning, which does not stop the run
/// @param where a file, a place in the recipe, a model or a setting
/// @param what is wrong
/// @param expected what would be right
/// @param found what was found instead
/// @param hint what the user can do
/// @param line of the recipe, counted from 1
/// @param report the whole problem as one text, with the line of the recipe
public record MergeProblem(
        Kind kind,
        boolean warning,
        String where,
        String what,
        Optional<String> expected,
        Optional<String> found,
        Optional<String> hint,
        OptionalInt line,
        String report) {

    /// Where the cause is.
    public enum Kind {
        /// The recipe, or a setting.
        RECIPE,
        /// A model or another file that is read.
        INPUT,
        /// The place where the output goes.
        OUTPUT,
        /// None of these: a bug in the program, or a run that was stopped.
        OTHER
    }

    static MergeProblem of(Problem problem) {
        return new MergeProblem(
                kind(problem.exitCode()),
                problem.severity() == Severity.WARNING,
                problem.where(),
                problem.what(),
                Optional.ofNullable(problem.expected()),
                Optional.ofNullable(problem.found()),
                Optional.ofNullable(problem.hint()),
                problem.location() == null
                        ? OptionalInt.empty()
                        : OptionalInt.of(problem.location().line()),
                problem.toString());
    }

    private static Kind kind(ExitCode code) {
        return switch (code) {
            case INPUT -> Kind.INPUT;
            case OUTPUT -> Kind.OUTPUT;
            case RECIPE -> Kind.RECIPE;
            case OK, BUG, INTERRUPTED -> Kind.OTHER;
        };
    }

    /// The [#report].
    @Override
    public String toString() {
        return report;
    }
}
