package jmergekit.cli;

import jmergekit.config.MergeConfig;
import jmergekit.config.RecipeReader;
import jmergekit.output.PlannedOutput;
import jmergekit.planner.PlanOptions;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import picocli.CommandLine.Option;

/// A recipe that a command writes for the user. It is planned like a recipe file, and shown.
final class WrittenRecipe {
    /// Its name in messages.
    static final String NAME = "the generated recipe";

    private String text = "";

    @Option(
            names = "--print-yaml",
            negatable = true,
            description = "Print the recipe; with --dry-run, instead of the plan.")
    boolean printYaml;

    /// Runs the command that wrote the recipe. A refused recipe is shown first, since the messages
    /// refer to lines that the user has not seen.
    ///
    /// @return the exit code
    int make(PlannedCommand command, RunOptions run, Console console) {
        try {
            return run.make(command, console);
        } catch (MergeException e) {
            if (e.problems().stream().anyMatch(p -> p.where().startsWith(NAME))) {
                console.info(NAME + ":\n" + numbered().stripTrailing());
            }
            throw e;
        }
    }

    private String numbered() {
        StringBuilder lines = new StringBuilder();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            lines.append(" ".repeat(number < 10 ? 3 : number < 100 ? 2 : 1))
                    .append(number)
                    .append("  ")
                    .append(line)
                    .append('\n');
        }
        return lines.toString();
    }

    /// Refuses to print both a recipe and a plan.
    void check(RunOptions run, Problems problems) {
        if (printYaml && run.dryRun && run.format == PlanFormat.JSON) {
            problems.add(
                    Problem.usage(
                                    "--format json",
                                    "--print-yaml prints the recipe instead of " + "the plan")
                            .hint("give only one of them"));
        }
    }

    /// Plans the recipe.
    ///
    /// @param written the recipe
    PlannedOutput plan(
            String written,
            RunOptions run,
            PlanOptions options,
            Console console,
            Problems problems) {
        text = written;
        MergeConfig config =
                new RecipeReader(console.workingDirectory(), console.methods())
                        .read(NAME, written, problems)
                        .orElseThrow(() -> new MergeException(problems.all()));
        return run.planner(options, problems).merge(config);
    }

    /// Prints the recipe, if requested.
    void print(Console console) {
        if (printYaml) {
            console.out().print(text);
            console.out().flush();
        }
    }

    /// Prints the recipe if requested, and otherwise shows it as a message.
    ///
    /// @param origin what the recipe was written from
    void tellOrPrint(String origin, RunOptions run, Console console) {
        if (!printYaml && !run.says.quiet) {
            console.info(
                    "the recipe for %s, for use with mergekit yaml:\n%s"
                            .formatted(origin, text.stripTrailing()));
        }
        print(console);
    }
}
