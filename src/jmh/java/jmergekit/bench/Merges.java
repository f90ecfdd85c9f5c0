package jmergekit.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// Runs the launcher on recipes, as a user does, and times it from outside.
final class Merges {
    private final Workspace workspace;
    private final Path tool;
    private final boolean keep;

    /// @param keep whether a last output stays
    Merges(Workspace workspace, Path tool, boolean keep) {
        this.workspace = workspace;
        this.tool = tool;
        this.keep = keep;
    }

    /// Times a scenario several times; ends at the first merge that fails.
    List<Round> rounds(Scenario scenario, int count) throws IOException, InterruptedException {
        List<Path> inputs = workspace.weightFiles(ModelSet.FULL, scenario.models());
        Path source = workspace.fileOf(scenario.outputBytes());
        List<Round> rounds = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            Round round = round(scenario, inputs, source);
            rounds.add(round);
            Progress.say("%s, round %d: %s", scenario.name(), i, round);
            if (round.merge().failed()) {
                break;
            }
        }
        workspace.delete(source);
        discard(scenario.name());
        return rounds;
    }

    private Round round(Scenario scenario, List<Path> inputs, Path source)
            throws IOException, InterruptedException {
        workspace.delete(workspace.output(scenario.name()));
        settle();
        // Fills the page cache. The copy is for the memory of a virtual machine, which its host may
        // provide at first use: whatever comes first would pay for what comes later.
        TimedRun.command("cat", inputs);
        copy(source);
        double cat = TimedRun.command("cat", inputs);
        double copy = copy(source);
        OptionalDouble linear = OptionalDouble.empty();
        if (scenario.target().linear()) {
            linear = OptionalDouble.of(linearSeconds());
        }
        Path recipe = workspace.recipe(scenario, ModelSet.FULL);
        return new Round(cat, copy, linear, runOf(scenario, recipe));
    }

    private double linearSeconds() throws IOException, InterruptedException {
        Scenario linear = Scenario.named("linear");
        MergeRun run = runOf(linear, workspace.recipe(linear, ModelSet.FULL));
        workspace.delete(workspace.output(linear.name()));
        settle();
        return run.seconds();
    }

    /// @return seconds
    private double copy(Path source) throws IOException, InterruptedException {
        Path target = workspace.root().resolve("copy.bin");
        workspace.delete(target);
        double seconds = TimedRun.command("cp", List.of(source, target));
        workspace.delete(target);
        settle();
        return seconds;
    }

    private MergeRun runOf(Scenario scenario, Path recipe)
            throws IOException, InterruptedException {
        Path launcher = scenario.launcher().map(tool::resolveSibling).orElse(tool);
        return run(
                scenario.name(),
                launcher,
                List.of(recipe.toString()),
                scenario.outputBytes(),
                Map.of());
    }

    /// Runs one merge and looks at its status and at the size of what it wrote.
    ///
    /// @param name of the output and of the log
    /// @param bytes of tensors that the merged model must have
    MergeRun run(String name, Path recipe, long bytes, Map<String, String> environment)
            throws IOException, InterruptedException {
        return run(name, tool, List.of(recipe.toString()), bytes, environment);
    }

    /// Runs one extraction of an adapter, with the launcher beside that of merges.
    ///
    /// @param bytes of factors that the adapter must have
    MergeRun extract(String name, Path model, Path base, int rank, long bytes)
            throws IOException, InterruptedException {
        List<String> arguments =
                List.of(
                        "--model=" + model,
                        "--base-model=" + base,
                        "--exclude-regex=embed_tokens|lm_head",
                        "--skip-undecomposable",
                        "--rank=" + rank,
                        "--out-path");
        return run(name, tool.resolveSibling("mergekit-extract-lora"), arguments, bytes, Map.of());
    }

    /// @param arguments before the output's path
    private MergeRun run(
            String name,
            Path program,
            List<String> arguments,
            long bytes,
            Map<String, String> environment)
            throws IOException, InterruptedException {
        Path output = workspace.output(name);
        Path log = workspace.log(name);
        workspace.delete(output);
        Files.createDirectories(output.getParent());
        // A source edited while the bench runs must not put a build into its figures.
        Map<String, String> all = new HashMap<>(Map.of("JMERGEKIT_NO_BUILD", "1"));
        all.putAll(environment);
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(arguments);
        command.addAll(List.of(output.toString(), "-q"));
        TimedRun process = TimedRun.logged(command, all, log);
        MergeRun run = new MergeRun(process, failure(process, output, bytes));
        run.failure().ifPresent(why -> Progress.say("%s: %s; its log is %s", name, why, log));
        return run;
    }

    /// Has the launcher build what it needs, so that no merge waits for it.
    void prepare() throws IOException, InterruptedException {
        Path log = workspace.log("prepare");
        TimedRun run = TimedRun.logged(List.of(tool.toString(), "--help"), Map.of(), log);
        if (run.status() != 0) {
            Progress.say("%s --help ended with status %d; see %s", tool, run.status(), log);
        }
    }

    private static Optional<String> failure(TimedRun process, Path output, long bytes)
            throws IOException {
        if (process.status() != 0) {
            return Optional.of("ended with status " + process.status());
        }
        long written = Workspace.bytes(Workspace.weightFiles(output));
        // Headers come on top of the tensors, and are less than one percent of this.
        if (written < bytes || written > bytes + bytes / 100 + (1 << 16)) {
            return Optional.of("wrote %,d bytes instead of %,d".formatted(written, bytes));
        }
        return Optional.empty();
    }

    /// Deletes an output, unless outputs are to stay.
    void discard(String name) throws IOException {
        if (!keep) {
            workspace.delete(workspace.output(name));
        }
    }

    /// Waits until nothing written earlier is on its way to the disk.
    static void settle() throws IOException, InterruptedException {
        TimedRun.command("sync", List.of());
    }
}
