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

/// Runs the launcher on recipes, as a user would, and times it from outside.
final class Merges {
    private static final List<String> QUIET = List.of("-q");

    /// `cp` does not wait for the disk either.
    private static final List<String> UNSYNCED = List.of("-q", "--no-sync");

    private final Workspace workspace;
    private final Path tool;
    private final boolean keep;

    /// @param keep whether the last output is kept
    Merges(Workspace workspace, Path tool, boolean keep) {
        this.workspace = workspace;
        this.tool = tool;
        this.keep = keep;
    }

    /// Times a scenario several times; stops at the first merge that fails.
    List<Round> rounds(Scenario scenario, int count) throws IOException, InterruptedException {
        Path source = workspace.fileOf(scenario.outputBytes(workspace.models().shape()));
        List<Round> rounds = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            Round round = round(scenario, source);
            rounds.add(round);
            Progress.say("%s, round %d: %s", scenario.name(), i, round);
            if (round.failure().isPresent()) {
                break;
            }
        }
        workspace.delete(source);
        discard(scenario.name());
        return rounds;
    }

    private Round round(Scenario scenario, Path source) throws IOException, InterruptedException {
        workspace.delete(workspace.output(scenario.name()));
        Moved moved = moveBytes(scenario, source, 1);
        OptionalDouble linear = OptionalDouble.empty();
        if (scenario.target().linear()) {
            linear = OptionalDouble.of(linearSeconds());
        }
        MergeRun merge = unsynced(scenario);
        Optional<Synced> synced = Optional.empty();
        if (linear.isEmpty() && !merge.failed()) {
            workspace.delete(workspace.output(scenario.name()));
            synced = Optional.of(synced(scenario, source));
        }
        return new Round(moved.catSeconds(), moved.copySeconds(), linear, merge, synced);
    }

    private Synced synced(Scenario scenario, Path source) throws IOException, InterruptedException {
        settle();
        Path target = copied(0);
        double copy = TimedRun.command("cp", List.of(source, target));
        copy += TimedRun.command("sync", List.of(target));
        workspace.delete(target);
        settle();
        return new Synced(copy, synced(scenario));
    }

    /// Seconds for reading a scenario's inputs, and for copying a file as large as its output.
    record Moved(double catSeconds, double copySeconds) {}

    /// Times the minimum work of a merge, and prepares the system for merges.
    ///
    /// @param source as large as the output
    /// @param outputs number of outputs that will exist at the same time
    Moved moveBytes(Scenario scenario, Path source, int outputs)
            throws IOException, InterruptedException {
        List<Path> inputs = workspace.weightFiles(workspace.models(), scenario.models());
        settle();
        // Fills the page cache. The copies make the host of a virtual machine provide its memory,
        // which it may do on first use; otherwise the first measurement would pay for later ones.
        TimedRun.command("cat", inputs);
        copy(source, outputs);
        double cat = TimedRun.command("cat", inputs);
        return new Moved(cat, copy(source, 1));
    }

    private double linearSeconds() throws IOException, InterruptedException {
        Scenario linear = Scenario.named("linear");
        MergeRun run = unsynced(linear);
        workspace.delete(workspace.output(linear.name()));
        settle();
        return run.seconds();
    }

    /// @return seconds, for all copies
    private double copy(Path source, int count) throws IOException, InterruptedException {
        double seconds = 0;
        for (int i = 0; i < count; i++) {
            Path target = copied(i);
            workspace.delete(target);
            seconds += TimedRun.command("cp", List.of(source, target));
        }
        for (int i = 0; i < count; i++) {
            workspace.delete(copied(i));
        }
        settle();
        return seconds;
    }

    private Path copied(int index) {
        return workspace.root().resolve("copy" + index + ".bin");
    }

    /// Runs a scenario without options: it ends when its output is on disk.
    MergeRun synced(Scenario scenario) throws IOException, InterruptedException {
        return run(scenario.name(), scenario, workspace.models(), QUIET);
    }

    /// Runs a scenario without waiting for the disk.
    MergeRun unsynced(Scenario scenario, String... options)
            throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(UNSYNCED);
        all.addAll(List.of(options));
        return run(scenario.name(), scenario, workspace.models(), all);
    }

    /// Runs a scenario on a device; its log contains the launcher's report about it.
    MergeRun on(Device device, Scenario scenario, ModelSet models)
            throws IOException, InterruptedException {
        return run(device.outputOf(scenario), scenario, models, device.options());
    }

    private MergeRun run(String name, Scenario scenario, ModelSet models, List<String> options)
            throws IOException, InterruptedException {
        Path launcher = scenario.launcher().map(tool::resolveSibling).orElse(tool);
        List<String> arguments = new ArrayList<>(options);
        arguments.add(workspace.recipe(scenario, models).toString());
        return run(name, launcher, arguments, scenario.outputBytes(models.shape()), Map.of());
    }

    /// Runs one merge, and checks its status and the size of its output.
    ///
    /// @param name of the output and of the log
    /// @param bytes of tensors that the merged model must have
    MergeRun run(String name, Path recipe, long bytes, Map<String, String> environment)
            throws IOException, InterruptedException {
        return run(name, tool, List.of("-q", recipe.toString()), bytes, environment);
    }

    /// The same, without waiting for the disk.
    MergeRun unsynced(String name, Path recipe, long bytes)
            throws IOException, InterruptedException {
        List<String> arguments = List.of("-q", "--no-sync", recipe.toString());
        return run(name, tool, arguments, bytes, Map.of());
    }

    /// Runs one comparison of models, with the launcher next to the one for merges.
    TimedRun compare(String name, Path a, Path b) throws IOException, InterruptedException {
        Path program = tool.resolveSibling("mergekit");
        List<String> command =
                List.of(program.toString(), "diff", "-q", a.toString(), b.toString());
        return TimedRun.logged(
                command, Map.of("JMERGEKIT_NO_BUILD", "1"), workspace.log(name + "-figures"));
    }

    /// Runs one extraction of an adapter, with the launcher next to the one for merges.
    ///
    /// @param bytes of factors that the adapter must have
    MergeRun extract(String name, Path model, Path base, int rank, long bytes)
            throws IOException, InterruptedException {
        List<String> arguments =
                List.of(
                        "-q",
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
        // A source edited while the bench runs must not add a build to its figures.
        Map<String, String> all = new HashMap<>(Map.of("JMERGEKIT_NO_BUILD", "1"));
        all.putAll(environment);
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(arguments);
        command.add(output.toString());
        TimedRun process = TimedRun.logged(command, all, log);
        MergeRun run = new MergeRun(process, failure(process, output, bytes));
        run.failure().ifPresent(why -> Progress.say("%s: %s; its log is %s", name, why, log));
        return run;
    }

    /// Has the launcher build what it needs, so that no merge includes a build.
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
        // Headers are stored in addition to tensors, and are less than one percent of this.
        if (written < bytes || written > bytes + bytes / 100 + (1 << 16)) {
            return Optional.of("wrote %,d bytes instead of %,d".formatted(written, bytes));
        }
        return Optional.empty();
    }

    /// Deletes an output, unless outputs are kept.
    void discard(String name) throws IOException {
        if (!keep) {
            workspace.delete(workspace.output(name));
        }
    }

    /// Waits until everything written earlier is on disk.
    static void settle() throws IOException, InterruptedException {
        TimedRun.command("sync", List.of());
    }
}
