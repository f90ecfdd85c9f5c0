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

    private Bench(Options options, Workspace workspace, Report report) {
        this.options = options;
        this.workspace = workspace;
        this.merges = new Merges(workspace, options.tool(), options.keep());
        this.report = report;
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
        Report report = new Report(new PrintStream(System.out, true, StandardCharsets.UTF_8));
        Bench bench = new Bench(options, Workspace.open(options.dir()), report);
        bench.requireRoom();
        bench.merges.prepare();
        report.machine(Machine.line(options.dir(), repository));
        bench.methods();
        bench.checks();
        boolean failed = report.anyFailed() || options.check() && !report.allMet();
        return failed ? 1 : 0;
    }

    /// Refuses when the disk is too small, and warns when memory is too small to hold the files.
    private void requireRoom() throws IOException {
        List<Scenario> scenarios = options.scenarios();
        long models = scenarios.isEmpty() ? 0 : workspace.missingBytes(ModelSet.FULL);
        long largest = scenarios.stream().mapToLong(Scenario::outputBytes).max().orElse(0);
        long kept = scenarios.stream().mapToLong(Scenario::outputBytes).sum();
        // While a method is timed there are a file to copy, and its copy or the output.
        long room = models + 2 * largest + (options.keep() ? kept : 0);
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
        long cached = 3 * ModelSet.FULL.bytes() + 2 * largest;
        if (!scenarios.isEmpty() && Memory.available() < cached) {
            Progress.say(
                    "less than %s of memory available: files will not stay in the page cache,"
                            + " and the disk is timed as well",
                    Report.gigabytes(cached));
        }
    }

    private void methods() throws IOException, InterruptedException {
        if (!options.scenarios().isEmpty()) {
            workspace.make(ModelSet.FULL);
        }
        for (Scenario scenario : options.scenarios()) {
            report.method(scenario, workspace, merges.rounds(scenario, options.rounds()));
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
