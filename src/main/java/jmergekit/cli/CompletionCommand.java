package jmergekit.cli;

import java.util.concurrent.Callable;
import jmergekit.manual.Shell;
import jmergekit.problem.ExitCode;
import jmergekit.problem.Problem;
import jmergekit.problem.Suggestion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Prints the completion script for a shell.
@Command(
        name = "completion",
        description = "Prints a script that lets a shell complete commands, options and values.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class CompletionCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(
            index = "0",
            paramLabel = "SHELL",
            completionCandidates = Candidates.Shells.class,
            description = "The shell: ${COMPLETION-CANDIDATES}.")
    private String shell = "";

    CompletionCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        return Shell.of(shell).map(this::print).orElseGet(this::refuse).status();
    }

    private ExitCode print(Shell known) {
        console.out().print(known.script(ProgramText.of(Main.whole(console))));
        console.out().flush();
        return ExitCode.OK;
    }

    private ExitCode refuse() {
        String meant = Suggestion.didYouMean(shell, Shell.words());
        console.report(
                Problem.usage(
                                "mergekit completion",
                                "no completion script for the shell '%s'%s".formatted(shell, meant))
                        .expected("one of " + String.join(", ", Shell.words())));
        return ExitCode.RECIPE;
    }
}
