package jmergekit.conformance;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jmergekit.cli.Main;
import jmergekit.fixture.Cli;

/// Runs the tool in this process, with a case folder as its working directory.
final class Tool {
    private final Path outputs;
    private final List<String> options;

    /// `outputs` takes one folder for each case, `<family>/<name>`.
    Tool(Path outputs) {
        this(outputs, List.of());
    }

    /// @param options added to every case's command line
    Tool(Path outputs, List<String> options) {
        this.outputs = outputs.toAbsolutePath();
        this.options = List.copyOf(options);
    }

    Path output(ConformanceCase theCase) {
        return outputs.resolve(theCase.family()).resolve(theCase.name());
    }

    ToolRun run(ConformanceCase theCase) throws IOException {
        Path output = output(theCase);
        Path again = output.resolveSibling(theCase.name() + ".again");
        Files.createDirectories(output.getParent());
        delete(output);
        delete(again);
        Set<String> before = siblings(output);
        StringWriter messages = new StringWriter();
        int status = run(theCase, output, messages);
        if (status == 0 && theCase.repeatable()) {
            status = run(theCase, again, messages);
        }
        Set<String> leftovers = siblings(output);
        leftovers.removeAll(before);
        leftovers.removeAll(
                List.of(output.getFileName().toString(), again.getFileName().toString()));
        return new ToolRun(status, messages.toString(), output, again, List.copyOf(leftovers));
    }

    private int run(ConformanceCase theCase, Path output, StringWriter messages)
            throws IOException {
        if (theCase.is("out_dir_exists")) {
            Files.createDirectories(output);
        }
        Path scratch = Files.createTempDirectory("conformance-scratch");
        try (PrintWriter writer = new PrintWriter(messages)) {
            List<String> line =
                    new ArrayList<>(theCase.commandLine(output, scratch.resolve("tmp")));
            if (!line.contains("--device")) {
                line.addAll(options);
            }
            return Main.run(
                    theCase.folder(), Cli.NO_HUB, writer, writer, line.toArray(new String[0]));
        } catch (RuntimeException | Error crash) {
            // One crash must not keep the other cases from running.
            crash.printStackTrace(new PrintWriter(messages, true));
            return 1;
        } finally {
            delete(scratch);
        }
    }

    private static Set<String> siblings(Path output) throws IOException {
        try (Stream<Path> entries = Files.list(output.getParent())) {
            return entries.map(entry -> entry.getFileName().toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /// Removes the outputs of a case.
    void forget(ConformanceCase theCase) throws IOException {
        delete(output(theCase));
        delete(output(theCase).resolveSibling(theCase.name() + ".again"));
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> entries = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(folder)) {
            walk.forEach(entries::add);
        }
        entries.sort(Comparator.reverseOrder());
        for (Path entry : entries) {
            Files.delete(entry);
        }
    }
}
