package jmergekit;

import java.util.Optional;
import java.util.OptionalInt;
import jmergekit.problem.ExitCode;
import jmergekit.problem.Problem;
import jmergekit.problem.Severity;

/// One thing that is wrong or odd. The texts are fragments: lower case, without a full stop.
///
/// @param kind what is to blame
/// @param warning whether it is no reason to stop
/// @param where a file, a place in the recipe, a model or a setting
/// @param what is wrong
/// @param expected what would be right
/// @param found what is there instead
/// @param hint what can be done
/// @param line of the recipe, from 1 on
/// @param report all of it in one text, with the line of the recipe
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

    /// What is to blame.
    public enum Kind {
        /// The recipe, or a setting.
        RECIPE,
        /// A model or another file that is read.
        INPUT,
        /// The place where the output goes.
        OUTPUT,
        /// None of these: the program itself, or who stopped it.
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
