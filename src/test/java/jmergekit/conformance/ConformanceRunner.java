package jmergekit.conformance;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jmergekit.conformance.Outcome.Verdict;
import org.jspecify.annotations.Nullable;

/// Runs the cases of a corpus through the tool and reports which pass.
///
/// ```
/// ConformanceRunner DIR [--family F]... [--case NAME]... [--keep OUTDIR] [--verbose]
///                   [--strict-list] [--self-check] [--oracle] [--device DEVICE]
/// ```
///
/// `--case` takes a name or `family/name`. `--keep` leaves outputs, messages (`.log`) and exit
/// statuses (`.exit`) in a folder. `--strict-list` also fails for entries of `later.tsv` that are
/// out of date without doing harm: error cases that pass already, patterns that match nothing.
/// `--oracle` adds, for cases with a float32 oracle, the mean distance of the output and of the
/// expected values from it. `--self-check` tries the checks instead of the tool.
///
/// `--device` is passed on to the tool.
///
/// Ends with 0 if no case failed, 1 if one did, 2 if the command line is wrong.
public final class ConformanceRunner {
    private static final String USAGE =
            "usage: DIR [--family F]... [--case NAME]... [--keep OUTDIR] [--verbose]"
                    + " [--strict-list] [--self-check] [--oracle] [--device DEVICE]";

    private final Options options;
    private final CaseLists lists;
    private final PrintWriter out;
    private final List<OracleDistance> distances = new ArrayList<>();

    private ConformanceRunner(Options options, PrintWriter out) throws IOException {
        this.options = options;
        this.lists = CaseLists.load();
        this.out = out;
    }

    private record Options(
            Path corpus,
            List<String> families,
            List<String> cases,
            @Nullable Path keep,
            boolean verbose,
            boolean strictList,
            boolean selfCheck,
            boolean oracle,
            List<String> toolOptions) {

        /// @throws IllegalArgumentException if the command line is not understood
        static Options of(String... args) {
            List<String> families = new ArrayList<>();
            List<String> cases = new ArrayList<>();
            List<String> flags = new ArrayList<>();
            List<String> toolOptions = new ArrayList<>();
            Path corpus = null;
            Path keep = null;
            for (int i = 0; i < args.length; i++) {
                switch (args[i]) {
                    case "--family" -> families.add(value(args, ++i));
                    case "--case" -> cases.add(value(args, ++i));
                    case "--keep" -> keep = Path.of(value(args, ++i));
                    case "--device" -> {
                        toolOptions.add("--device");
                        toolOptions.add(value(args, ++i));
                    }
                    case "--verbose", "--strict-list", "--self-check", "--oracle" ->
                            flags.add(args[i]);
                    default -> {
                        if (args[i].startsWith("-") || corpus != null) {
                            throw new IllegalArgumentException("unexpected '" + args[i] + "'");
                        }
                        corpus = Path.of(args[i]);
                    }
                }
            }
            if (corpus == null) {
                throw new IllegalArgumentException("no corpus folder given");
            }
            return new Options(
                    corpus,
                    families,
                    cases,
                    keep,
                    flags.contains("--verbose"),
                    flags.contains("--strict-list"),
                    flags.contains("--self-check"),
                    flags.contains("--oracle"),
                    toolOptions);
        }

        private static String value(String[] args, int i) {
            if (i >= args.length) {
                throw new IllegalArgumentException(args[i - 1] + " needs a value");
            }
            return args[i];
        }

        boolean select(ConformanceCase theCase) {
            return (families.isEmpty() || families.contains(theCase.family()))
                    && (cases.isEmpty()
                            || cases.contains(theCase.name())
                            || cases.contains(theCase.id()));
        }
    }

    public static void main(String... args) throws IOException {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        int status = run(out, args);
        out.flush();
        System.exit(status);
    }

    /// As the command line, with the report going to `out`.
    static int run(PrintWriter out, String... args) throws IOException {
        Options options;
        try {
            options = Options.of(args);
        } catch (IllegalArgumentException wrong) {
            out.println(wrong.getMessage());
            out.println(USAGE);
            return 2;
        }
        return new ConformanceRunner(options, out).run();
    }

    private int run() throws IOException {
        List<ConformanceCase> cases = ConformanceCase.all(options.corpus);
        Path outputs =
                options.keep != null ? options.keep : Files.createTempDirectory("conformance");
        List<Outcome> outcomes = new ArrayList<>();
        boolean ran = false;
        for (ConformanceCase theCase : cases) {
            if (options.select(theCase)) {
                outcomes.add(run(theCase, outputs));
                ran = true;
            } else {
                outcomes.add(new Outcome(theCase, Verdict.NOT_RUN, List.of()));
            }
        }
        if (options.keep == null) {
            Tool.delete(outputs);
        }
        new Report(out, options.verbose).print(outcomes);
        printDistances();
        List<String> unused = options.strictList ? lists.unused(cases) : List.of();
        unused.forEach(entry -> out.println("matches no case: " + entry));
        boolean failed = outcomes.stream().anyMatch(o -> o.verdict() == Verdict.FAILED);
        if (!ran) {
            out.println("no case was selected");
        }
        return failed || !unused.isEmpty() || !ran ? 1 : 0;
    }

    private void printDistances() {
        if (distances.isEmpty()) {
            return;
        }
        out.printf("%n%-44s %12s %12s %7s%n", "mean distance", "ours", "expected", "ratio");
        for (OracleDistance d : distances) {
            out.printf(
                    "%-44s %12.3e %12.3e %7.2f%n", d.theCase(), d.ours(), d.expected(), d.ratio());
        }
    }

    private Outcome run(ConformanceCase theCase, Path outputs) throws IOException {
        if (options.selfCheck) {
            return new SelfCheck(lists, outputs).run(theCase);
        }
        Tool tool = new Tool(outputs, options.toolOptions);
        ToolRun run = tool.run(theCase);
        Outcome outcome = new Judge(lists, options.strictList).judge(theCase, run);
        if (options.oracle) {
            OracleDistance.of(theCase, tool.output(theCase)).ifPresent(distances::add);
        }
        if (options.keep != null) {
            Path beside = tool.output(theCase);
            Files.writeString(beside.resolveSibling(theCase.name() + ".log"), run.messages());
            Files.writeString(beside.resolveSibling(theCase.name() + ".exit"), run.status() + "\n");
        } else {
            tool.forget(theCase);
        }
        if (options.verbose) {
            out.printf("%-9s %s%n", outcome.verdict(), theCase.id());
            run.messages().lines().forEach(line -> out.println("    | " + line));
        }
        return outcome;
    }
}
