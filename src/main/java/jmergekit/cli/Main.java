package jmergekit.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import jmergekit.problem.ExitCode;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// The door of the program: `mergekit <command> …`.
@Command(
        name = "mergekit",
        description = "Merges the weights of large language models.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        synopsisHeading = "Usage: ")
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(run(Path.of("").toAbsolutePath(), System.getenv(), out, err, args));
    }

    /// Runs a command and gives its exit code.
    ///
    /// @param workingDirectory what relative paths are relative to, in options and recipes
    /// @param environment the environment's variables
    /// @param args the command's name and its arguments
    public static int run(
            Path workingDirectory,
            Map<String, String> environment,
            PrintWriter out,
            PrintWriter err,
            String... args) {
        Console console = new Console(workingDirectory, environment, out, err);
        CommandLine commandLine = new CommandLine(new Main());
        commandLine.addSubcommand(new YamlCommand(console));
        commandLine.addSubcommand(new MoeCommand(console));
        commandLine.addSubcommand(new ExtractCommand(console));
        commandLine.addSubcommand(new MethodsCommand(console));
        commandLine.addSubcommand(new UploadCommand(console));
        commandLine.setOut(out);
        commandLine.setErr(err);
        commandLine.setUsageHelpWidth(100);
        commandLine.setUsageHelpLongOptionsMaxWidth(32);
        commandLine.setParameterExceptionHandler((e, a) -> usageError(e, console));
        commandLine.setExecutionExceptionHandler((e, c, r) -> failure(e, r, console));
        if (args.length == 0) {
            commandLine.usage(out);
            return ExitCode.RECIPE.status();
        }
        return commandLine.execute(args);
    }

    private static int usageError(ParameterException e, Console console) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        console.report(Problem.usage(command, e.getMessage()).hint("see '" + command + " --help'"));
        return ExitCode.RECIPE.status();
    }

    private static int failure(Exception e, ParseResult parsed, Console console) throws Exception {
        if (e instanceof MergeException refused) {
            refused.problems().forEach(console::report);
            return refused.exitCode().status();
        }
        console.bug(e);
        return ExitCode.BUG.status();
    }
}
