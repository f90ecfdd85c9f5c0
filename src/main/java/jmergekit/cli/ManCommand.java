package jmergekit.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import jmergekit.manual.ManPage;
import jmergekit.problem.ExitCode;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Suggestion;
import jmergekit.weights.IoReason;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Prints or writes man pages.
@Command(
        name = "man",
        description = "Prints the man page of a command, or writes the man pages of all commands.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class ManCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "COMMAND",
            description = "The command. Default: the program as a whole.")
    private Optional<String> command = Optional.empty();

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "Write all pages to this folder, creating it if needed.")
    private Optional<String> directory = Optional.empty();

    ManCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Map<Integer, String> exits =
                Arrays.stream(ExitCode.values())
                        .collect(
                                Collectors.toMap(
                                        ExitCode::status,
                                        ExitCode::meaning,
                                        (a, _) -> a,
                                        TreeMap::new));
        Map<String, String> pages =
                ManPage.all(ProgramText.of(Main.whole(console)), new LinkedHashMap<>(exits));
        return directory.isPresent()
                ? write(pages, directory.get()).status()
                : print(pages).status();
    }

    private ExitCode print(Map<String, String> pages) {
        String name = command.map(c -> "mergekit-" + Commands.name(c)).orElse("mergekit");
        String page = pages.get(name + ".1");
        if (page == null) {
            String wanted = command.orElseThrow();
            String meant = Suggestion.didYouMean(wanted, Commands.all().keySet());
            console.report(
                    Problem.usage("mergekit man", "unknown command '%s'%s".formatted(wanted, meant))
                            .expected("one of " + String.join(", ", Commands.all().keySet())));
            return ExitCode.RECIPE;
        }
        console.out().print(page);
        console.out().flush();
        return ExitCode.OK;
    }

    private ExitCode write(Map<String, String> pages, String where) {
        if (command.isPresent()) {
            console.report(
                    Problem.usage("--directory", "writes all pages, not a single one")
                            .hint("omit '" + command.get() + "'"));
            return ExitCode.RECIPE;
        }
        Path folder = console.resolve(where);
        try {
            Files.createDirectories(folder);
            for (Map.Entry<String, String> page : pages.entrySet()) {
                Files.writeString(folder.resolve(page.getKey()), page.getValue());
            }
        } catch (IOException e) {
            throw new MergeException(
                    Problem.output(where, "the pages cannot be written: " + IoReason.of(e)), e);
        }
        return ExitCode.OK;
    }
}
