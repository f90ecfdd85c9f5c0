package jmergekit.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jmergekit.engine.BoundPlan;
import jmergekit.engine.FolderRun;
import jmergekit.engine.PlanRun;
import jmergekit.engine.TensorComputation;
import jmergekit.hub.FetchList;
import jmergekit.model.ModelLocator;
import jmergekit.model.ModelSources;
import jmergekit.output.CopiedJson;
import jmergekit.output.PlanNote;
import jmergekit.output.PlannedOutput;
import jmergekit.output.SideFiles;
import jmergekit.plan.Plan;
import jmergekit.planner.PlanOptions;
import jmergekit.problem.ExitCode;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.publish.PartialOutput;
import jmergekit.publish.RunRecord;
import jmergekit.report.StageTimes;

/// Plans the output of a command and finds all problems that can be found before a tensor is read.
final class OutputRun {
    private final PlannedCommand command;
    private final RunOptions options;
    private final OutputTarget target;
    private final ModelSources sources;
    private final OpenedDevice device;
    private final Console console;
    private final Notices notices;
    private final Problems problems;
    private final FetchList downloads;

    /// Notes about leftovers of earlier runs that have not been reported yet.
    private final List<String> tidied = new ArrayList<>();

    /// @param notices receives warnings
    /// @param problems already holds any problems with the options
    OutputRun(
            PlannedCommand command,
            RunOptions options,
            ModelSources sources,
            OpenedDevice device,
            Console console,
            Notices notices,
            Problems problems) {
        this.command = command;
        this.options = options;
        this.target = new OutputTarget(command, options, sources.stores().destinations(), console);
        this.sources = sources;
        this.device = device;
        this.console = console;
        this.notices = notices;
        this.problems = problems;
        this.downloads = sources.hub().fetchList();
    }

    /// Checks only whether the output can be written to its place.
    void checkPlace() {
        if (options.report && Console.isInStore(command.output())) {
            problems.add(
                    Problem.usage("--report", "needs an output on this machine")
                            .found("'%s'".formatted(command.output()))
                            .hint("write to a folder and upload that, or omit the option"));
            problems.throwIfErrors();
        }
        if (!options.dryRun) {
            target.place().check(console.workingDirectory(), problems);
            target.destination().check(options.resume, problems);
        }
    }

    /// Plans and checks, so that every problem that can be known by now is reported.
    ///
    /// @param promised bytes that other outputs of the same command will take
    /// @throws MergeException with all problems found
    PreparedOutput prepare(long promised) {
        long start = System.nanoTime();
        boolean mayBeThere = command.earlier() == PlannedCommand.Earlier.REUSED;
        if (!options.dryRun) {
            tidied.addAll(target.place().tidy());
        }
        boolean prepared = false;
        try {
            PreparedOutput output = prepared(promised, start, mayBeThere);
            prepared = true;
            return output;
        } finally {
            tidied.forEach(this::note);
            if (!prepared) {
                target.close();
            }
        }
    }

    private PreparedOutput prepared(long promised, long start, boolean mayBeThere) {
        if (!mayBeThere) {
            checkPlace();
        }
        PlannedOutput planned = plan();
        planned.copied().forEach((folder, wanted) -> SideFiles.check(folder, wanted, problems));
        problems.throwIfErrors();
        BoundPlan plan = noted(planned.plan(downloads::missing, target.card()));
        downloads.add(plan.weightFiles());
        planned.copied().forEach(downloads::add);
        boolean isThere = downloads.isEmpty() && target.holds(plan);
        if (mayBeThere && !isThere) {
            checkPlace();
        }
        check(planned, plan, isThere, promised);
        StageTimes times = new StageTimes(start);
        times.ended("plan");
        return new PreparedOutput(
                target, options, device, console, downloads, planned, plan, isThere, start, times);
    }

    private BoundPlan noted(BoundPlan plan) {
        return PlanNote.in(plan, planOptions(), options.merging.copyTokenizer);
    }

    private PlanOptions planOptions() {
        ModelLocator models =
                new ModelLocator(console.workingDirectory(), sources)
                        .refusing(problems.errors(ExitCode.RECIPE));
        return options.planOptions(models, console.methods());
    }

    private PlannedOutput plan() {
        try {
            return command.plan(planOptions(), problems);
        } catch (MergeException e) {
            throw device.with(e);
        }
    }

    private void check(PlannedOutput planned, BoundPlan plan, boolean isThere, long promised) {
        CopiedJson.check(plan, problems);
        device.choice().problem().ifPresent(problems::add);
        if (!options.dryRun && !isThere) {
            downloads.check(problems);
            List<Path> read = new ArrayList<>(planned.inputs());
            read.addAll(command.read());
            target.destination().check(read, bytes(plan) + promised, problems);
        }
        if ((!options.dryRun || options.resume) && !isThere && !command.isAheadOfInputs()) {
            resumable(plan);
        }
        if (options.strict) {
            problems.refuseWarnings();
        }
        problems.throwIfErrors();
        problems.warnings().forEach(notices::report);
    }

    private long bytes(BoundPlan bound) {
        Plan plan = bound.plan();
        long computed = bound.tensors().map(TensorComputation::scratchBytes).orElse(0L);
        int threads = PlanRun.threads(plan, options.merging.threads(), device.choice().executor());
        long output = target.destination().localBytes(plan.shards(), plan.outputBytes(), threads);
        return output + computed + threads * plan.scratchOfThread();
    }

    private void resumable(BoundPlan plan) {
        PartialOutput earlier = target.place().partialOutput();
        // Inputs that are downloaded or computed later are compared when the folder is taken over.
        boolean known = downloads.isEmpty() && plan.plan().missing().isEmpty();
        if (earlier.exists() && known && !problems.hasErrors()) {
            RunRecord record = FolderRun.record(plan);
            Optional<Problem> problem = earlier.problem(record, options.resume);
            problem.ifPresent(problems::add);
            if (problem.isEmpty()) {
                // These are reported below, or when the run resumes from them.
                tidied.remove(earlier.whereabouts());
            }
            // Reported even in a quiet run, since something of value is removed.
            if (!options.resume && !options.dryRun) {
                earlier.text(record).ifPresent(this::note);
            }
        }
    }

    // Reported even in a quiet run, since files are where a user does not expect them.
    private void note(String text) {
        notices.report(Problem.output(command.output(), text).asWarning());
    }
}
