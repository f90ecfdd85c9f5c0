package jmergekit.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jmergekit.engine.BoundPlan;
import jmergekit.engine.MemoryBudget;
import jmergekit.engine.PlanRun;
import jmergekit.hub.FetchList;
import jmergekit.model.ModelLocator;
import jmergekit.model.ModelSources;
import jmergekit.output.CopiedJson;
import jmergekit.output.PlannedOutput;
import jmergekit.output.SideFiles;
import jmergekit.plan.Plan;
import jmergekit.planner.PlanOptions;
import jmergekit.problem.ByteSize;
import jmergekit.problem.ExitCode;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.publish.Destination;
import jmergekit.publish.DiskSpace;
import jmergekit.report.Check;
import jmergekit.report.CheckMeasures;
import jmergekit.report.Needs;
import jmergekit.stages.PlaceholderFolders;

/// Plans a recipe and determines the resources a run would need.
///
/// @param problems already holds any problems with the options
record CheckRun(CheckCommand options, Console console, Problems problems) {
    /// One check per output. Throws a [MergeException] with all problems found.
    List<Check> checks() {
        long start = System.nanoTime();
        try (ModelSources sources = options.merging.sources(console, options.quiet);
                OpenedDevice device = new OpenedDevice(options.devices);
                PlaceholderFolders folders = new PlaceholderFolders()) {
            Optional<Destination> destination = destination(sources);
            try {
                return checks(start, sources, device, folders, destination);
            } finally {
                destination.ifPresent(Destination::close);
            }
        }
    }

    private Optional<Destination> destination(ModelSources sources) {
        return options.outPath.map(output ->
                sources.stores()
                        .destinations()
                        .of(
                                output,
                                () -> console.resolve(output),
                                options.overwrite,
                                options.merging.sync));
    }

    private List<Check> checks(
            long start,
            ModelSources sources,
            OpenedDevice device,
            PlaceholderFolders folders,
            Optional<Destination> destination) {
        destination.ifPresent(d -> {
            d.place().check(console.workingDirectory(), problems);
            d.check(false, problems);
        });
        CheckedRecipe recipe = CheckedRecipe.read(options.recipe, console, problems);
        FetchList downloads = sources.hub().fetchList();
        Map<String, PlannedOutput> planned = plan(recipe, sources, device, folders);
        planned.values()
                .forEach(p ->
                        p.copied()
                                .forEach((folder, wanted) ->
                                        SideFiles.check(folder, wanted, problems)));
        problems.throwIfErrors();
        List<BoundPlan> plans = new ArrayList<>();
        for (PlannedOutput output : planned.values()) {
            BoundPlan plan = output.plan(downloads::missing, Optional.of("merged"));
            downloads.add(plan.weightFiles());
            output.copied().forEach(downloads::add);
            CopiedJson.check(plan, problems);
            MemoryBudget.problem(plan.plan()).ifPresent(problems::add);
            plans.add(plan);
        }
        device.choice().problem().ifPresent(problems::add);
        downloads.check(problems);
        check(planned, plans, device, destination);
        if (options.strict) {
            problems.refuseWarnings();
        }
        problems.throwIfErrors();
        problems.warnings().forEach(console::report);
        double seconds = (System.nanoTime() - start) / 1e9;
        List<Check> checks = new ArrayList<>();
        List<String> titles = List.copyOf(planned.keySet());
        for (int i = 0; i < plans.size(); i++) {
            BoundPlan plan = plans.get(i);
            CheckMeasures measures = measures(plan, device, downloads, destination);
            checks.add(
                    new Check(
                            titles.get(i),
                            plan.plan(),
                            planned.get(titles.get(i)).made(),
                            needs(plan.plan(), device, downloads, destination),
                            seconds,
                            measures.time(),
                            measures.preview(),
                            measures.unknown(),
                            problems.warnings(),
                            recipe.text()));
        }
        return checks;
    }

    private Map<String, PlannedOutput> plan(
            CheckedRecipe recipe,
            ModelSources sources,
            OpenedDevice device,
            PlaceholderFolders folders) {
        ModelLocator models =
                new ModelLocator(console.workingDirectory(), sources)
                        .withoutWeights()
                        .refusing(problems.errors(ExitCode.RECIPE));
        PlanOptions planning =
                new PlanOptions(
                                models,
                                console.methods(),
                                options.merging.allowCrimes,
                                options.merging.sharding(),
                                options.merging.randomSeed)
                        .with(options.expertLayout);
        try {
            return recipe.plan(options, planning, options.choice(), folders, problems);
        } catch (MergeException e) {
            throw device.with(e);
        }
    }

    private void check(
            Map<String, PlannedOutput> planned,
            List<BoundPlan> plans,
            OpenedDevice device,
            Optional<Destination> destination) {
        List<Path> read = new ArrayList<>(List.of(console.resolve(options.recipe)));
        planned.values().forEach(p -> read.addAll(p.inputs()));
        long disk = plans.stream().mapToLong(p -> disk(p.plan(), device, destination)).sum();
        if (destination.isPresent()) {
            destination.get().check(read, disk, problems);
        } else if (DiskSpace.free(console.workingDirectory()) < disk) {
            problems.add(
                    Problem.output(
                                    console.workingDirectory().toString(),
                                    "the disk of the working directory has too little space for "
                                            + "the output")
                            .expected(ByteSize.text(disk))
                            .found(ByteSize.text(DiskSpace.free(console.workingDirectory())))
                            .hint("write to another disk; use --out-path to check one")
                            .asWarning());
        }
    }

    private int threads(Plan plan, OpenedDevice device) {
        return PlanRun.threads(plan, options.merging.threads(), device.choice().executor());
    }

    private long disk(Plan plan, OpenedDevice device, Optional<Destination> destination) {
        int threads = threads(plan, device);
        long output =
                destination
                        .map(d -> d.localBytes(plan.shards(), plan.outputBytes(), threads))
                        .orElse(plan.outputBytes());
        return output + threads * plan.scratchOfThread();
    }

    private Needs needs(
            Plan plan,
            OpenedDevice device,
            FetchList downloads,
            Optional<Destination> destination) {
        int threads = threads(plan, device);
        return new Needs(
                threads,
                plan.memory(threads),
                Runtime.getRuntime().maxMemory(),
                plan.inputBytes(),
                disk(plan, device, destination),
                DiskSpace.free(place(destination)),
                options.outPath.orElse("the working directory"),
                downloads.bytes(),
                downloads.files());
    }

    private Path place(Optional<Destination> destination) {
        Path place = destination.map(d -> d.place().target()).orElseGet(console::workingDirectory);
        while (!Files.isDirectory(place) && place.getParent() != null) {
            place = place.getParent();
        }
        return place;
    }

    private CheckMeasures measures(
            BoundPlan plan,
            OpenedDevice device,
            FetchList downloads,
            Optional<Destination> destination) {
        if (options.quick) {
            return CheckMeasures.NONE;
        }
        return CheckMeasures.of(
                plan,
                !downloads.isEmpty(),
                console.methods(),
                options.merging.runThreads(),
                device.choice().executor(),
                place(destination),
                options.merging.sync);
    }
}
