package jmergekit.cli;

import jmergekit.method.MergeMethods;
import jmergekit.model.ModelLocator;
import jmergekit.model.ModelSources;
import jmergekit.output.OutputPlanner;
import jmergekit.planner.PlanOptions;
import jmergekit.planner.WantedExperts;
import jmergekit.problem.ByteSize;
import jmergekit.problem.ExitCode;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The options of commands that plan and then make an output.
final class RunOptions {
    @Option(
            names = "--dry-run",
            description = "Check everything and print the plan; write nothing.")
    boolean dryRun;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            completionCandidates = Candidates.Formats.class,
            converter = PlanFormat.Name.class,
            defaultValue = "text",
            description =
                    "The format in which --dry-run prints the plan: text or json. Default: "
                            + "${DEFAULT-VALUE}.")
    PlanFormat format;

    @Option(
            names = "--strict",
            description = "Treat warnings about the recipe and the models as errors.")
    boolean strict;

    @Option(names = "--overwrite", description = "Replace a model already in the output folder.")
    boolean overwrite;

    @Option(
            names = "--resume",
            description = "Resume an interrupted run of the same plan from its finished shards.")
    boolean resume;

    @Option(
            names = "--report",
            description =
                    "Write report.html next to the model card, with the result compared with "
                            + "each parent, figures and timings.")
    boolean report;

    @Option(
            names = "--expert-layout",
            paramLabel = "LAYOUT",
            completionCandidates = Candidates.Layouts.class,
            converter = ExpertLayoutName.class,
            defaultValue = "base",
            description =
                    "How the output stores experts: base (default), like the model that "
                            + "config.json comes from; split, one tensor per matrix and expert; "
                            + "fused, one tensor for all experts of a layer.")
    WantedExperts expertLayout;

    @Mixin MergeOptions merging;
    @Mixin DeviceOptions devices;
    @Mixin OutputOptions says;

    /// Checks, plans, downloads and writes one output.
    ///
    /// @return the exit code
    int make(PlannedCommand command, Console console) {
        Problems problems = new Problems();
        check(problems);
        try (ModelSources sources = merging.sources(console, says.quiet);
                OpenedDevice device = new OpenedDevice(devices)) {
            new OutputRun(command, this, sources, device, console, new Notices(console), problems)
                    .prepare(0)
                    .make();
            tellReceived(sources, console);
            return ExitCode.OK.status();
        }
    }

    /// In a verbose run, prints how much was received from a store.
    void tellReceived(ModelSources sources, Console console) {
        long bytes = sources.stores().received();
        if (isVerbose() && bytes > 0) {
            console.info("received %s from the store".formatted(ByteSize.text(bytes)));
        }
    }

    /// Refuses values that are out of range or contradict each other.
    void check(Problems problems) {
        merging.check(problems);
        devices.check(problems);
        format.check(dryRun, problems);
        if (report && dryRun) {
            problems.add(
                    Problem.usage("--report", "a dry run makes no output to report on")
                            .hint(
                                    "omit one of them; 'mergekit check' reports what would be "
                                            + "made"));
        }
    }

    /// The planning options of a run.
    ///
    /// @param methods that recipes may name
    PlanOptions planOptions(ModelLocator models, MergeMethods methods) {
        return new PlanOptions(
                        dryRun ? models.withoutWeights() : models,
                        methods,
                        merging.allowCrimes,
                        merging.sharding(),
                        merging.randomSeed)
                .with(expertLayout);
    }

    /// The planner of recipes.
    OutputPlanner planner(PlanOptions options, Problems problems) {
        return new OutputPlanner(options, merging.copyTokenizer, problems);
    }

    boolean isVerbose() {
        return says.verbose.length > 0 && !says.quiet;
    }
}
