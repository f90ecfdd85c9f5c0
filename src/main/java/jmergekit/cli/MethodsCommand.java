package jmergekit.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import jmergekit.method.MergeMethod;
import jmergekit.method.MethodText;
import jmergekit.problem.ExitCode;
import jmergekit.problem.Problem;
import jmergekit.problem.Suggestion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Describes the merge methods.
@Command(
        name = "methods",
        description = "Lists the merge methods, or explains one.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class MethodsCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "NAME",
            completionCandidates = Candidates.Methods.class,
            description = "The method to explain, named as in 'merge_method'.")
    private Optional<String> name = Optional.empty();

    MethodsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (name.isEmpty()) {
            console.out().print(MethodText.table(console.methods().all()));
            console.out().flush();
            return ExitCode.OK.status();
        }
        Optional<MergeMethod> method = console.methods().named(name.get());
        if (method.isEmpty()) {
            console.report(
                    Problem.usage(
                                    "mergekit methods",
                                    "unknown merge method '%s'%s"
                                            .formatted(
                                                    name.get(),
                                                    Suggestion.didYouMean(
                                                            name.get(), console.methods().names())))
                            .expected("one of " + String.join(", ", console.methods().names())));
            return ExitCode.RECIPE.status();
        }
        console.out().print(MethodText.page(method.get().info()));
        console.out().flush();
        return ExitCode.OK.status();
    }
}
