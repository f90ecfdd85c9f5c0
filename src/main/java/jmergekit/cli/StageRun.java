package jmergekit.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jmergekit.config.MultiConfig;
import jmergekit.config.MultiConfig.Stage;
import jmergekit.hub.Hub;
import jmergekit.model.ModelLocator;
import jmergekit.output.PlannedOutput;
import jmergekit.output.StageGraph;
import jmergekit.output.StagePlanner;
import jmergekit.planner.PlanOptions;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problems;

/// Makes the outputs of several recipes, all of them checked first.
final class StageRun implements AutoCloseable {
    private final StageGraph graph;
    private final StagePlaces places;
    private final Path file;
    private final boolean lazy;
    private final RunOptions run;
    private final Hub hub;
    private final OpenedDevice device;
    private final Console console;
    private final StagePlanner planner;

    /// @param file with the recipes
    /// @param lazy whether outputs that are there already are taken as they are
    StageRun(
            MultiConfig config,
            StageGraph graph,
            StagePlaces places,
            Path file,
            boolean lazy,
            boolean allowSameModel,
            RunOptions run,
            Hub hub,
            OpenedDevice device,
            Console console) {
        this.graph = graph;
        this.places = places;
        this.file = file;
        this.lazy = lazy;
        this.run = run;
        this.hub = hub;
        this.device = device;
        this.console = console;
        ModelLocator models = new ModelLocator(console.workingDirectory(), hub);
        this.planner =
                new StagePlanner(
                        config,
                        graph,
                        run.planOptions(models),
                        run.merging.copyTokenizer,
                        allowSameModel);
    }

    void make() {
        if (places.intermediates().isPresent() && !run.dryRun) {
            makeApart();
        } else {
            makeAtOnce();
        }
    }

    // All are checked before the first is made.
    private void makeAtOnce() {
        List<Stage> written = places.written(graph);
        List<Runnable> prepared = new ArrayList<>();
        for (Stage stage : written) {
            Runnable make = run(command(stage), new Problems()).prepare();
            prepared.add(() -> {
                if (run.dryRun && written.size() > 1) {
                    console.out().println("%s into %s".formatted(stage.label(), places.of(stage)));
                }
                make.run();
            });
        }
        planner.close();
        prepared.forEach(Runnable::run);
    }

    private void makeApart() {
        Problems problems = new Problems();
        try (planner) {
            planner.check();
        } catch (MergeException e) {
            problems.add(device.with(e));
        }
        graph.inOrder().forEach(s -> run(command(s, Map.of()), problems).checkPlace());
        problems.throwIfErrors();
        Map<String, Path> folders = new HashMap<>();
        for (Stage stage : graph.inOrder()) {
            run(command(stage, folders), new Problems()).make();
            stage.name().ifPresent(n -> folders.put(n, console.resolve(places.of(stage))));
        }
    }

    private OutputRun run(PlannedCommand command, Problems problems) {
        return new OutputRun(command, run, hub, device, console, problems);
    }

    /// With the stages that it needs inside.
    private PlannedCommand command(Stage stage) {
        return new StageCommand(
                stage,
                PlannedCommand.Earlier.IN_THE_WAY,
                (_, problems) -> planner.plan(stage, problems));
    }

    /// From the outputs of the stages that it needs.
    private PlannedCommand command(Stage stage, Map<String, Path> folders) {
        Map<String, Path> before = Map.copyOf(folders);
        PlannedCommand.Earlier ofNamed =
                lazy ? PlannedCommand.Earlier.REUSED : PlannedCommand.Earlier.REPLACED;
        return new StageCommand(
                stage,
                stage.name().isPresent() ? ofNamed : PlannedCommand.Earlier.IN_THE_WAY,
                (options, problems) -> planner.plan(stage, options, before, problems));
    }

    /// How a stage is planned.
    private interface Planning {
        PlannedOutput plan(PlanOptions options, Problems problems);
    }

    /// A stage as a command that makes its output.
    private final class StageCommand implements PlannedCommand {
        private final Stage stage;
        private final Earlier earlier;
        private final Planning planning;

        StageCommand(Stage stage, Earlier earlier, Planning planning) {
            this.stage = stage;
            this.earlier = earlier;
            this.planning = planning;
        }

        @Override
        public String output() {
            return places.of(stage);
        }

        @Override
        public List<Path> read() {
            return List.of(file);
        }

        @Override
        public PlannedOutput plan(PlanOptions options, Problems problems) {
            return planning.plan(options, problems);
        }

        @Override
        public Earlier earlier() {
            return earlier;
        }
    }

    @Override
    public void close() {
        planner.close();
    }
}
