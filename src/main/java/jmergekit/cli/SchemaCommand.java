package jmergekit.cli;

import java.util.concurrent.Callable;
import jmergekit.problem.ExitCode;
import jmergekit.problem.Problem;
import jmergekit.problem.Suggestion;
import jmergekit.schema.RecipeSchema;
import jmergekit.schema.SchemaKind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Prints the JSON schema of recipes.
@Command(
        name = "schema",
        description = "Prints the JSON schema for a kind of recipe, for use in editors.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class SchemaCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "KIND",
            defaultValue = "merge",
            completionCandidates = Candidates.Kinds.class,
            description =
                    "The kind of recipe: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private String kind = "";

    SchemaCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        return SchemaKind.of(kind).map(this::print).orElseGet(this::refuse).status();
    }

    private ExitCode print(SchemaKind known) {
        console.out().print(RecipeSchema.of(known, console.methods()));
        console.out().flush();
        return ExitCode.OK;
    }

    private ExitCode refuse() {
        String meant = Suggestion.didYouMean(kind, SchemaKind.words());
        console.report(
                Problem.usage(
                                "mergekit schema",
                                "unknown kind of recipe '%s'%s".formatted(kind, meant))
                        .expected("one of " + String.join(", ", SchemaKind.words())));
        return ExitCode.RECIPE;
    }
}
