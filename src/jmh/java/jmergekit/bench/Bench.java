package jmergekit.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// Times whole merges. Run by `scripts/bench`, which gives the repository's folder first.
public final class Bench {
    private final Options options;
    private final Workspace workspace;
    private final Merges merges;
    private final Report report;
    private final DeviceReport devices;

    private Bench(Options options, Workspace workspace, PrintStream out) {
        this.options = options;
        this.workspace = workspace;
        this.merges = new Merges(workspace, options.tool(), options.keep());
        this.report = new Report(out);
        this.devices = new DeviceReport(out);
    }

    /// Exits with 1 when a merge fails, or with `--check` when a target is missed, and with 2 when
    /// the bench itself cannot run.
    public static void main(String[] args) throws IOException, InterruptedException {
        Path repository = Path.of(args[0]);
        List<String> arguments = Arrays.asList(args).subList(1, args.length);
        if (arguments.contains("--help") || arguments.contains("-h")) {
            System.out.print(Options.USAGE);
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
        Workspace workspace = Workspace.open(options.dir(), ModelSet.ofLayers(options.layers()));
        Bench bench = new Bench(options, workspace, out);
        bench.requireRoom();
        bench.merges.prepare();
        bench.report.machine(Machine.line(options.dir(), repository));
        if (options.gpus().isEmpty()) {
            bench.methods();
        } else {
            Machine.gpus().forEach(bench.report::machine);
            bench.devices();
        }
        bench.checks();
        boolean failed = bench.report.anyFailed() || bench.devices.anyFailed();
        return failed || options.check() && !bench.report.allMet() ? 1 : 0;
    }

    /// Refuses when the disk is too small, and warns when memory is too small to hold the files.
    private void requireRoom() throws IOException {
        List<Scenario> scenarios = options.scenarios();
        ModelSet set = workspace.models();
        long models = scenarios.isEmpty() ? 0 : workspace.missingBytes(set);
        long[] outputs = scenarios.stream().mapToLong(s -> s.outputBytes(set.shape())).toArray();
        long largest = Arrays.stream(outputs).max().orElse(0);
        // While a method is timed there are a file to copy, and its copies or the outputs.
        boolean onGpus = !options.gpus().isEmpty();
        long atOnce = (onGpus ? 3 : 2) * largest;
        long kept = options.keep() ? Arrays.stream(outputs).sum() : 0;
        long room = models + atOnce + (1 + options.gpus().size()) * kept;
        if (options.has(Check.LARGE_TENSOR)) {
            room = Math.max(room, models + 2 * ModelSet.LARGE_TENSOR.bytes());
        }
        long free = Files.getFileStore(options.dir()).getUsableSpace();
        Progress.say(
                "%s: takes up to %s more, %s of it models that stay; %s free",
                options.dir(),
                Report.gigabytes(room),
                Report.gigabytes(models),
                Report.gigabytes(free));
        if (free < room) {
            throw new BenchException("not enough disk space; give another --dir");
        }
        long cached = 3 * set.bytes() + atOnce;
        if (!scenarios.isEmpty() && Memory.available() < cached) {
            Progress.say(
                    "less than %s of memory available: files will not stay in the page cache,"
                            + " and the disk is timed as well",
                    Report.gigabytes(cached));
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

    private void devices() throws IOException, InterruptedException {
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
    }
}
