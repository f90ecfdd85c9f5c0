package jmergekit.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import jmergekit.history.Lineage;
import jmergekit.history.LineageJson;
import jmergekit.history.LineageText;
import jmergekit.problem.ExitCode;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Shows how a model was made.
@Command(
        name = "show",
        description = "Prints how a model was made: recipe, plan, and the tree of its parents.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class ShowCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "MODEL", description = "The folder of the model.")
    private String model;

    @Option(
            names = "--from",
            paramLabel = "DIR",
            description =
                    "The base folder for relative paths in recipes. Default: the current folder; "
                            + "the folder containing the model is also tried.")
    private Optional<String> from = Optional.empty();

    @Option(names = "--json", description = "Print as JSON.")
    private boolean json;

    ShowCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Path folder = folder(console, model);
        Path start = from.map(f -> folder(console, f)).orElse(console.workingDirectory());
        Lineage lineage = Lineage.of(model, folder, start);
        console.out().print(json ? LineageJson.of(lineage) + "\n" : LineageText.of(lineage));
        console.out().flush();
        return ExitCode.OK.status();
    }

    /// A folder on this machine.
    ///
    /// @throws MergeException if it does not exist
    static Path folder(Console console, String name) {
        Path folder = console.resolve(name);
        if (!Files.isDirectory(folder)) {
            throw new MergeException(
                    Problem.usage(name, Files.exists(folder) ? "not a folder" : "no such folder")
                            .expected("a model's folder on this machine"));
        }
        return folder;
    }
}
