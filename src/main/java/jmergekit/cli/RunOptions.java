package jmergekit.cli;

import java.nio.file.Path;
import java.util.List;
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
import jmergekit.problem.MergeException;
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
    <C, P extends RunPlan> int make(ModelMaker<C, P> maker, Console console) {
        try (Hub hub = options.hub(console, says.quiet)) {
            long start = System.nanoTime();
            Problems problems = new Problems();
            options.check(problems);
            Path target = console.resolve(output);
            if (!dryRun) {
                OutputFolder.check(target, overwrite, problems);
            }
            FetchList downloads = hub.fetchList();
            ModelLocator models = new ModelLocator(console.workingDirectory(), hub);
            C config =
                    maker.read(console.resolve(recipe), recipe, problems)
                            .orElseThrow(() -> new MergeException(problems.all()));
            Optional<OtherOutput> other = maker.other(config, models, problems);
            String made =
                    other.isPresent()
                            ? makeOther(other.get(), downloads, problems, console)
                            : makeModel(maker, config, models, downloads, problems, console);
            if (!dryRun && !says.quiet) {
                double seconds = (System.nanoTime() - start) / 1e9;
                console.info("%s: %s in %.1f s".formatted(output, made, seconds));
            }
            return ExitCode.OK.status();
        }
    }

    private String makeOther(
            OtherOutput other, FetchList downloads, Problems problems, Console console) {
        downloads.add(other.inputFiles());
        check(other.inputs(), other.outputBytes(), downloads, problems, console);
        if (dryRun) {
            print(other.text(), downloads, console);
        } else {
            downloads.run();
            Path target = console.resolve(output);
            other.write(OutputFolder.create(target), options.threads(), card(target));
        }
        return other.made() + ", " + ByteSize.text(other.outputBytes());
    }

    private <C, P extends RunPlan> String makeModel(
            ModelMaker<C, P> maker,
            C config,
            ModelLocator models,
            FetchList downloads,
            Problems problems,
            Console console) {
        PlanOptions planning =
                new PlanOptions(
                        dryRun ? models.withoutWeights() : models,
                        options.allowCrimes,
                        options.shardBytes,
                        options.randomSeed);
        P plan = maker.plan(config, planning, problems);
        downloads.add(plan.inputFiles());
        maker.copied(plan).forEach(downloads::add);
        check(maker.inputs(plan), plan.outputBytes(), downloads, problems, console);
        int threads = MergeRun.threads(plan, options.threads());
        if (dryRun) {
            print(maker.text(plan, threads), downloads, console);
        } else {
            if (says.verbose.length > 0 && !says.quiet) {
                console.info(maker.summary(plan, threads).stripTrailing());
            }
            downloads.run();
            write(maker, plan, console);
        }
        return maker.made(plan) + ", " + ByteSize.text(plan.outputBytes());
    }

    // Everything that can be wrong is found and shown here, before a tensor is read.
    private void check(
            List<Path> inputs,
            long bytes,
            FetchList downloads,
            Problems problems,
            Console console) {
        if (!dryRun) {
            downloads.check(problems);
            OutputFolder.check(console.resolve(output), inputs, bytes, problems);
        }
        if (strict) {
            problems.warnings().forEach(w -> problems.add(w.asError()));
        }
        problems.throwIfErrors();
        problems.warnings().forEach(console::report);
    }

    private Optional<String> card(Path target) {
        return Optional.of(target.getFileName().toString()).filter(_ -> options.writeModelCard);
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

    private <P extends RunPlan> void write(ModelMaker<?, P> maker, P plan, Console console) {
        Path target = console.resolve(output);
        P ready = maker.ready(plan);
        try (ProgressDisplay progress =
                ProgressDisplay.merging(
                        ready.tasks().size(), ready.outputBytes(), says.quiet, console)) {
            new MergeRun(ready, options.threads(), progress)
                    .write(OutputFolder.create(target), maker.files(ready, card(target)));
        }
    }
}
