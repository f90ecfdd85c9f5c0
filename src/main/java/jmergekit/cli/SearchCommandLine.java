package jmergekit.cli;

import java.io.PrintWriter;
import java.io.Serializable;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import jmergekit.RunSettings;
import jmergekit.evaluate.Evaluator;
import jmergekit.evaluate.Evaluators;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/// An `evolve` command line as typed. Each process of a cluster parses it again, along with its
/// file and task files, and so gets the same evaluator as the search; no secrets are sent.
///
/// @param arguments without the command's name
/// @param cache the cache of downloaded models, if not the default one
record SearchCommandLine(
        String workingDirectory, ArrayList<String> arguments, @Nullable String cache)
        implements Serializable {
    private static final Map<SearchCommandLine, Opened> KNOWN = new ConcurrentHashMap<>();

    /// The evaluator and settings that a process keeps until it ends.
    ///
    /// @param run how models are made
    record Opened(Evaluator evaluator, RunSettings run, long seed) {}

    static SearchCommandLine of(Console console, List<String> arguments, @Nullable String cache) {
        return new SearchCommandLine(
                console.workingDirectory().toString(), new ArrayList<>(arguments), cache);
    }

    /// @param threads the threads of an evaluator that scores in this process, shared by all its
    ///     evaluations
    Opened open(int threads) {
        return KNOWN.computeIfAbsent(this, c -> c.opened(threads));
    }

    private Opened opened(int threads) {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        Console console = new Console(Path.of(workingDirectory), System.getenv(), nowhere, nowhere);
        EvolveCommand command = new EvolveCommand(console);
        CommandLine line = new CommandLine(command);
        Numbers.register(line);
        line.parseArgs(arguments.toArray(String[]::new));
        EvolveSetup setup = command.setup();
        Evaluator evaluator =
                Evaluators.open(
                        setup.config().evaluator(),
                        setup.tasks(),
                        setup.evaluatorSettings(command.storage(), threads, 1));
        return new Opened(evaluator, setup.runSettings(threads), setup.options().seed);
    }
}
