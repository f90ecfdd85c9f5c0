package jmergekit.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import jmergekit.engine.OutputFolder;
import jmergekit.model.ModelFolder;
import jmergekit.model.hub.FetchList;
import jmergekit.plan.RunPlan;
import jmergekit.problem.ByteSize;
import jmergekit.problem.Problems;
import picocli.CommandLine.Option;

/// Whether a command that makes a model writes it, and what may be in its way.
final class RunOptions {
    @Option(
            names = "--dry-run",
            description = "Check everything and print the plan; write nothing.")
    boolean dryRun;

    @Option(names = "--strict", description = "Treat warnings about the recipe as errors.")
    boolean strict;

    @Option(
            names = "--overwrite",
            description = "Replace the model that the output folder holds, if it holds one.")
    boolean overwrite;

    /// Looks at the output folder before anything is read.
    void check(Path target, Problems problems) {
        if (!dryRun) {
            OutputFolder.check(target, overwrite, problems);
        }
    }

    /// Looks at what only a plan tells, and lists what must be downloaded for it.
    ///
    /// @param donor whose files besides the weights the output gets
    /// @param files which of them
    void check(
            RunPlan plan,
            ModelFolder donor,
            Predicate<String> files,
            Path target,
            FetchList downloads,
            Problems problems) {
        downloads.add(plan.inputFiles());
        downloads.add(donor.folder(), files);
        if (!dryRun) {
            downloads.check(problems);
            List<Path> inputs = plan.models().stream().map(ModelFolder::folder).toList();
            OutputFolder.check(target, inputs, plan.outputBytes(), problems);
        }
    }

    /// Ends the run if anything is wrong; else shows the warnings.
    void settle(Problems problems, Console console) {
        if (strict) {
            problems.warnings().forEach(w -> problems.add(w.asError()));
        }
        problems.throwIfErrors();
        problems.warnings().forEach(console::report);
    }

    /// Prints a plan instead of carrying it out.
    static void print(String plan, FetchList downloads, Console console) {
        if (!downloads.isEmpty()) {
            console.out()
                    .println(
                            "downloads %s in %d file(s)"
                                    .formatted(
                                            ByteSize.text(downloads.bytes()), downloads.files()));
        }
        console.out().print(plan);
        console.out().flush();
    }
}
