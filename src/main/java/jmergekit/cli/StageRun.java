package jmergekit.cli;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jmergekit.config.MultiConfig.Stage;
import jmergekit.model.ModelLocator;
import jmergekit.model.ModelSources;
import jmergekit.output.PlannedOutput;
import jmergekit.planner.PlanOptions;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problems;
import jmergekit.stages.PlaceholderFolders;
import jmergekit.stages.StageGraph;
import jmergekit.stages.StagePlanner;

/// Makes the outputs of several recipes after checking all of them.
///
/// @param file the file with the recipes
record StageRun(
        StageGraph graph,
        StagePlanner planner,
        StagePlaces places,
        Path file,
        RunOptions options,
        ModelSources sources,
        OpenedDevice device,
        Console console) {
    void make() {
        if (places.intermediates().isPresent()) {
            makeFromFolders();
        } else {
            makeInOnePass();
        }
    }

    private void makeInOnePass() {
        Notices notices = new Notices(console);
        Problems problems = new Problems();
        Map<Stage, PreparedOutput> prepared;
        try (PlaceholderFolders folders = new PlaceholderFolders()) {
            Map<Stage, PlannedOutput> planned = planInOnePass(folders, problems);
            for (Stage stage : graph.last()) {
                run(inOnePass(stage, planned), notices, problems).checkPlace();
            }
            problems.throwIfErrors();
            prepared = prepare(graph.last(), planned, notices, problems);
        }
        make(prepared);
    }

    private Map<Stage, PlannedOutput> planInOnePass(PlaceholderFolders folders, Problems problems) {
        try {
            return planner.planInOnePass(planOptions(), folders, problems);
        } catch (MergeException e) {
            problems.add(device.with(e));
            return Map.of();
        }
    }

    private Map<Stage, PreparedOutput> prepare(
            List<Stage> stages,
            Map<Stage, PlannedOutput> planned,
            Notices notices,
            Problems problems) {
        Map<Stage, PreparedOutput> prepared = new LinkedHashMap<>();
        long promised = 0;
        for (Stage stage : stages) {
            PreparedOutput output =
                    run(inOnePass(stage, planned), notices, problems).prepare(promised);
            promised += output.plan().plan().outputBytes();
            prepared.put(stage, output);
        }
        return prepared;
    }

    private void makeFromFolders() {
        Notices notices = new Notices(console);
        try (PlaceholderFolders placeholders = new PlaceholderFolders()) {
            Map<Stage, PreparedOutput> ahead = prepareAhead(placeholders, notices);
            if (options.dryRun) {
                make(ahead);
                return;
            }
        }
        Map<String, Path> folders = new HashMap<>();
        for (Stage stage : graph.inOrder()) {
            run(fromFolders(stage, folders, false), notices, new Problems()).prepare(0).make();
            stage.name().ifPresent(n -> folders.put(n, console.resolve(places.of(stage))));
        }
    }

    // With placeholders for intermediate outputs, everything but their values is known.
    private Map<Stage, PreparedOutput> prepareAhead(
            PlaceholderFolders placeholders, Notices notices) {
        Map<Stage, PreparedOutput> prepared = new LinkedHashMap<>();
        Map<String, Path> folders = new HashMap<>();
        Problems wrong = new Problems();
        long promised = 0;
        for (Stage stage : graph.inOrder()) {
            if (!prepared.keySet().containsAll(graph.needs(stage))) {
                continue;
            }
            try {
                boolean ahead = graph.needs(stage).stream().anyMatch(s -> !isThere(prepared, s));
                PreparedOutput output =
                        run(fromFolders(stage, folders, ahead), notices, new Problems())
                                .prepare(promised);
                prepared.put(stage, output);
                Path folder =
                        output.isThere()
                                ? console.resolve(places.of(stage))
                                : placeholders.of(output.plan());
                stage.name().ifPresent(n -> folders.put(n, folder));
                promised += output.isThere() ? 0 : output.plan().plan().outputBytes();
            } catch (MergeException e) {
                wrong.add(e);
            }
        }
        wrong.throwIfErrors();
        return prepared;
    }

    private static boolean isThere(Map<Stage, PreparedOutput> prepared, Stage stage) {
        return prepared.get(stage).isThere();
    }

    private void make(Map<Stage, PreparedOutput> prepared) {
        prepared.forEach((stage, output) -> {
            if (options.dryRun && prepared.size() > 1) {
                console.out().println("%s into %s".formatted(stage.label(), places.of(stage)));
            }
            output.make();
        });
    }

    private OutputRun run(PlannedCommand command, Notices notices, Problems problems) {
        return new OutputRun(command, options, sources, device, console, notices, problems);
    }

    private PlanOptions planOptions() {
        return options.planOptions(
                new ModelLocator(console.workingDirectory(), sources), console.methods());
    }

    private PlannedCommand inOnePass(Stage stage, Map<Stage, PlannedOutput> planned) {
        return new StageCommand(
                places.of(stage),
                file,
                PlannedCommand.Earlier.IN_THE_WAY,
                false,
                (_, _) -> planned.get(stage));
    }

    /// @param folders the folders of earlier stages, by name
    /// @param ahead whether some of them are placeholders
    private PlannedCommand fromFolders(Stage stage, Map<String, Path> folders, boolean ahead) {
        Map<String, Path> before = Map.copyOf(folders);
        PlannedCommand.Earlier ofNamed =
                places.lazy() ? PlannedCommand.Earlier.REUSED : PlannedCommand.Earlier.REPLACED;
        return new StageCommand(
                places.of(stage),
                file,
                stage.name().isPresent() ? ofNamed : PlannedCommand.Earlier.IN_THE_WAY,
                ahead,
                (options, problems) -> planner.planFromFolders(stage, options, before, problems));
    }

    /// How a stage is planned.
    private interface Planning {
        PlannedOutput plan(PlanOptions options, Problems problems);
    }

    /// A stage as a command that makes its output.
    private record StageCommand(
            String output, Path file, Earlier earlier, boolean isAheadOfInputs, Planning planning)
            implements PlannedCommand {
        @Override
        public List<Path> read() {
            return List.of(file);
        }

        @Override
        public PlannedOutput plan(PlanOptions options, Problems problems) {
            return planning.plan(options, problems);
        }
    }
}
