package jmergekit.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Times whole merges. `scripts/bench` runs it, with the repository's folder as the first argument.
public final class Bench {
    private final Options options;
    private final Workspace workspace;
    private final Merges merges;
    private final Verdicts verdicts = new Verdicts();
    private final Report report;
    private final PrintStream out;

    private Bench(Options options, Workspace workspace, PrintStream out) {
        this.options = options;
        this.workspace = workspace;
        this.merges = new Merges(workspace, options.tool(), options.keep());
        this.report = new Report(out, verdicts);
        this.out = out;
    }

    /// Exits with 1 if a merge fails, or with `--check` if a target is missed, and with 2 if the
    /// bench itself cannot run.
    public static void main(String[] args) throws IOException, InterruptedException {
        Locale.setDefault(Locale.ROOT);
        Path repository = Path.of(args[0]);
        List<String> arguments = Arrays.asList(args).subList(1, args.length);
        if (arguments.contains("--help") || arguments.contains("-h")) {
            System.out.print(Usage.TEXT);
            return;
        }
        try {
            System.exit(run(Options.parse(arguments, repository), repository));
        } catch (BenchException e) {
            Progress.say("%s", e.getMessage());
            System.exit(2);
        }
    }

    private static int run(Options options, Path repository)
            throws IOException, InterruptedException {
        if (!Files.isExecutable(options.tool())) {
            throw new BenchException(options.tool() + ": no such program");
        }
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Workspace workspace = Workspace.open(options.dir(), options.models());
        Room.of(options, workspace).require(options);
        Bench bench = new Bench(options, workspace, out);
        bench.merges.prepare();
        bench.report.machine(Machine.line(options.dir(), repository));
        bench.run();
        Verdicts verdicts = bench.verdicts;
        return verdicts.anyFailed() || options.check() && !verdicts.allMet() ? 1 : 0;
    }

    private void run() throws IOException, InterruptedException {
        switch (options.mode()) {
            case CACHED -> {
                methods();
                checks();
            }
            case COLD -> cold();
            case BUSY -> busy();
            case DEVICES -> devices();
            case CORES -> cores();
            case SPARSE -> {
                SparseMerge sparse = new SparseMerge(workspace, merges);
                workspace.make(workspace.models());
                sparse.report(out, report, verdicts, options.rounds());
            }
        }
    }

    private void methods() throws IOException, InterruptedException {
        if (!options.scenarios().isEmpty()) {
            workspace.make(workspace.models());
        }
        for (Scenario scenario : options.scenarios()) {
            report.method(scenario, workspace, merges.rounds(scenario, options.rounds()));
        }
    }

    private void cold() throws IOException, InterruptedException {
        ColdMerges cold = new ColdMerges(workspace, merges, false);
        workspace.make(workspace.models());
        ColdReport table = new ColdReport(out, report, verdicts, false);
        for (Scenario scenario : options.scenarios()) {
            table.method(scenario, workspace, cold.rounds(scenario, options.rounds()));
        }
    }

    private void busy() throws IOException, InterruptedException {
        ColdMerges cold = new ColdMerges(workspace, merges, true);
        workspace.make(workspace.models());
        ColdReport table = new ColdReport(out, report, verdicts, true);
        try (BusyDisk disk = BusyDisk.start(workspace.root())) {
            for (Scenario scenario : options.scenarios()) {
                List<ColdRound> rounds = cold.rounds(scenario, options.rounds());
                disk.requireAtWork();
                table.method(scenario, workspace, rounds);
            }
            out.println();
            out.println("At the same time, another process " + disk.stop() + ".");
        }
    }

    private void cores() throws IOException, InterruptedException {
        workspace.make(workspace.models());
        CoreMerges onCores = new CoreMerges(workspace, merges, options.threads());
        CoreReport table = new CoreReport(out, report, verdicts, options.threads());
        for (Scenario scenario : options.scenarios()) {
            table.method(scenario, workspace, onCores.rounds(scenario, options.rounds()));
        }
    }

    private void devices() throws IOException, InterruptedException {
        Machine.gpus().forEach(report::machine);
        DeviceReport devices = new DeviceReport(out, verdicts);
        DeviceMerges onDevices = new DeviceMerges(workspace, merges, options.gpus());
        onDevices.prepare();
        workspace.make(workspace.models());
        for (Scenario scenario : options.scenarios()) {
            devices.method(scenario, onDevices.rounds(scenario, options.rounds()));
        }
    }

    private void checks() throws IOException, InterruptedException {
        if (options.has(Check.START_UP)) {
            report.check(Check.startUp(workspace, merges));
        }
        if (options.has(Check.LARGE_TENSOR)) {
            report.check(Check.largeTensor(workspace, merges, "linear"));
            report.check(Check.largeTensor(workspace, merges, "ties"));
        }
        if (options.has(Check.LORA)) {
            report.check(Check.lora(workspace, merges));
        }
        if (options.has(Check.DIFF)) {
            report.check(Check.diff(workspace, merges));
        }
    }
}
