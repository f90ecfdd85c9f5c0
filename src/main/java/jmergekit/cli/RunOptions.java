package jmergekit.cli;

import java.nio.file.Path;
import java.util.Optional;
import jmergekit.engine.MergeRun;
import jmergekit.engine.OutputFolder;
import jmergekit.model.ModelLocator;
import jmergekit.model.hub.FetchList;
import jmergekit.model.hub.Hub;
import jmergekit.plan.PlanOptions;
import jmergekit.plan.RunPlan;
import jmergekit.problem.ByteSize;
import jmergekit.problem.ExitCode;
import jmergekit.problem.Problems;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The command line of the commands that make a model as a recipe says, and what they do with it.
final class RunOptions {
    @Parameters(index = "0", paramLabel = "RECIPE", description = "The recipe, a YAML file.")
    private String recipe;

    @Parameters(
            index = "1",
            paramLabel = "OUTPUT",
            description = "The folder to write the model to.")
    private String output;

    @Option(
            names = "--dry-run",
            description = "Check everything and print the plan; write nothing.")
    private boolean dryRun;

    @Option(names = "--strict", description = "Treat warnings about the recipe as errors.")
    private boolean strict;

    @Option(
            names = "--overwrite",
            description = "Replace the model that the output folder holds, if it holds one.")
    private boolean overwrite;

    @Mixin private MergeOptions options;
    @Mixin private OutputOptions says;

    /// Whether the tokenizer's files go into the output.
    boolean copyTokenizer() {
        return options.copyTokenizer;
    }

    /// Whether nothing but warnings and errors is said.
    boolean quiet() {
        return says.quiet;
    }

    /// Checks, plans, downloads and writes.
    ///
    /// @return the exit code
    <P extends RunPlan> int make(ModelMaker<P> maker, Console console) {
        try (Hub hub = options.hub(console, says.quiet)) {
            long start = System.nanoTime();
            FetchList downloads = hub.fetchList();
            P plan =
                    plan(
                            maker,
                            new ModelLocator(console.workingDirectory(), hub),
                            downloads,
                            console);
            int threads = MergeRun.threads(plan, options.threads());
            if (dryRun) {
                print(maker.text(plan, threads), downloads, console);
                return ExitCode.OK.status();
            }
            if (says.verbose.length > 0 && !says.quiet) {
                console.info(maker.summary(plan, threads).stripTrailing());
            }
            downloads.run();
            write(maker, plan, console);
            if (!says.quiet) {
                console.info(summary(plan, System.nanoTime() - start));
            }
            return ExitCode.OK.status();
        }
    }

    // Everything that can be wrong is found and shown here, before a tensor is read.
    private <P extends RunPlan> P plan(
            ModelMaker<P> maker, ModelLocator models, FetchList downloads, Console console) {
        Problems problems = new Problems();
        options.check(problems);
        Path target = console.resolve(output);
        if (!dryRun) {
            OutputFolder.check(target, overwrite, problems);
        }
        PlanOptions planning =
                new PlanOptions(
                        dryRun ? models.withoutWeights() : models,
                        options.allowCrimes,
                        options.shardBytes,
                        options.randomSeed);
        P plan = maker.plan(console.resolve(recipe), recipe, planning, problems);
        downloads.add(plan.inputFiles());
        maker.copied(plan).forEach(downloads::add);
        if (!dryRun) {
            downloads.check(problems);
            OutputFolder.check(target, maker.inputs(plan), plan.outputBytes(), problems);
        }
        if (strict) {
            problems.warnings().forEach(w -> problems.add(w.asError()));
        }
        problems.throwIfErrors();
        problems.warnings().forEach(console::report);
        return plan;
    }

    private static void print(String plan, FetchList downloads, Console console) {
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

    private <P extends RunPlan> void write(ModelMaker<P> maker, P plan, Console console) {
        Path target = console.resolve(output);
        Optional<String> card =
                Optional.of(target.getFileName().toString()).filter(_ -> options.writeModelCard);
        P ready = maker.ready(plan);
        try (ProgressDisplay progress =
                ProgressDisplay.merging(
                        ready.tasks().size(), ready.outputBytes(), says.quiet, console)) {
            new MergeRun(ready, options.threads(), progress)
                    .write(OutputFolder.create(target), maker.files(ready, card));
        }
    }

    private String summary(RunPlan plan, long nanos) {
        return "%s: %d tensors, %s in %.1f s"
                .formatted(
                        output,
                        plan.tasks().size(),
                        ByteSize.text(plan.outputBytes()),
                        nanos / 1e9);
    }
}
