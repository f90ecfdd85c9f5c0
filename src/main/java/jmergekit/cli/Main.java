package jmergekit.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import jmergekit.MergeFailedException;
import jmergekit.problem.ByteSize;
import jmergekit.problem.ExitCode;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Suggestion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// The program's entry point: `mergekit <command> …`.
@Command(
        name = "mergekit",
        description = "Merges the weights of large language models.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        synopsisHeading = "Usage: ")
public final class Main {
    private static final Set<String> VERSION = Set.of("-V", "--version");

    private Main() {}

    public static void main(String[] args) {
        // Recipes, names and messages are the same in every locale: no decimal commas, no other
        // digits.
        Locale.setDefault(Locale.ROOT);
        StandardOutput stdout = new StandardOutput();
        PrintWriter out = new PrintWriter(stdout, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        Map<String, String> environment = System.getenv();
        Terminals terminals = Terminals.ofProcess();
        Console console =
                new Console(
                        Path.of("").toAbsolutePath(),
                        environment,
                        out,
                        err,
                        Paint.of(terminals.err(), environment));
        int code = run(console, Paint.of(terminals.out(), environment), args);
        out.flush();
        System.exit(code == ExitCode.OK.status() ? written(stdout, console) : code);
    }

    /// The program with all its commands.
    static CommandLine whole(Console console) {
        CommandLine commandLine = new CommandLine(new Main());
        addSubcommands(commandLine, console, new String[0]);
        return commandLine;
    }

    private static int written(StandardOutput stdout, Console console) {
        Optional<String> problem = stdout.problem();
        problem.ifPresent(
                p -> console.report(Problem.output("standard output", "cannot be written: " + p)));
        return (problem.isPresent() ? ExitCode.OUTPUT : ExitCode.OK).status();
    }

    /// Runs a command without colours and returns its exit code.
    ///
    /// @param workingDirectory the base for relative paths in options and recipes
    /// @param environment the environment variables
    /// @param args the command's name and its arguments
    public static int run(
            Path workingDirectory,
            Map<String, String> environment,
            PrintWriter out,
            PrintWriter err,
            String... args) {
        return run(new Console(workingDirectory, environment, out, err), Paint.NONE, args);
    }

    /// @param paint for help and versions
    private static int run(Console console, Paint paint, String... args) {
        PrintWriter out = console.out();
        CommandLine commandLine = new CommandLine(new Main());
        addSubcommands(commandLine, console, args);
        Numbers.register(commandLine);
        commandLine.setOut(out);
        commandLine.setErr(console.err());
        commandLine.setColorScheme(
                CommandLine.Help.defaultColorScheme(
                        paint.isOn() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
        commandLine.setUsageHelpWidth(100);
        commandLine.setUsageHelpLongOptionsMaxWidth(32);
        commandLine.setParameterExceptionHandler((e, a) -> usageError(e, console));
        commandLine.setExecutionExceptionHandler((e, c, r) -> failure(e, r, console));
        if (args.length == 0) {
            commandLine.usage(out);
            return ExitCode.RECIPE.status();
        }
        Optional<Problem> unknown = Commands.unknown(args[0]);
        if (unknown.isPresent()) {
            console.report(unknown.get());
            return ExitCode.RECIPE.status();
        }
        try {
            return commandLine.execute(args);
        } catch (OutOfMemoryError e) {
            return outOfMemory(e, console);
        }
    }

    // Partial results are removed by now, as after any failure.
    private static int outOfMemory(OutOfMemoryError e, Console console) {
        Problem problem =
                Problem.input("memory", "this run needs more memory than the program has")
                        .found(
                                "%s of heap: %s"
                                        .formatted(
                                                ByteSize.text(Runtime.getRuntime().maxMemory()),
                                                reason(e)))
                        .hint(
                                "use fewer threads (-j 1) or increase the heap, for example with "
                                        + "JMERGEKIT_OPTS=-Xmx2g");
        console.report(problem);
        return problem.exitCode().status();
    }

    // Building a command takes a noticeable part of a short run, so commands that are not run are
    // built only when they are listed.
    private static void addSubcommands(CommandLine commandLine, Console console, String[] args) {
        if (args.length == 1 && VERSION.contains(args[0])) {
            return;
        }
        String asked = args.length == 0 ? "" : Commands.name(args[0]);
        Map<String, Function<Console, Object>> commands = Commands.all();
        commands.entrySet().stream()
                .filter(c -> !commands.containsKey(asked) || c.getKey().equals(asked))
                .forEach(c -> commandLine.addSubcommand(c.getValue().apply(console)));
    }

    // Errors from worker threads are passed on without their message.
    private static String reason(OutOfMemoryError e) {
        return e.getMessage() != null || e.getCause() == null
                ? String.valueOf(e.getMessage())
                : String.valueOf(e.getCause().getMessage());
    }

    private static int usageError(ParameterException e, Console console) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        String meant = e instanceof UnmatchedArgumentException u ? option(u) : "";
        console.report(
                Problem.usage(command, e.getMessage() + meant)
                        .hint("see '" + command + " --help'"));
        return ExitCode.RECIPE.status();
    }

    private static String option(UnmatchedArgumentException e) {
        String name = e.getUnmatched().getFirst().replaceFirst("=.*", "");
        return e.isUnknownOption()
                ? Suggestion.didYouMean(
                        name, e.getCommandLine().getCommandSpec().optionsMap().keySet())
                : "";
    }

    private static int failure(Exception e, ParseResult parsed, Console console) throws Exception {
        Throwable cause = e instanceof MergeFailedException ? e.getCause() : e;
        if (cause instanceof MergeException refused) {
            refused.problems().forEach(console::report);
            return refused.exitCode().status();
        }
        console.bug(e);
        return ExitCode.BUG.status();
    }
}
