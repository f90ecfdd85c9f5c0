package jmergekit.evaluate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import jmergekit.Cancellation;
import jmergekit.config.EvaluatorConfig;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.publish.Removal;
import jmergekit.weights.IoReason;

/// Scores models by EleutherAI's lm-evaluation-harness, which knows tasks by name.
public final class LmEvalEvaluator implements Evaluator {
    private static final Duration LONGEST_START = Duration.ofSeconds(60);
    private static final String COPIES = "jmergekit-tasks-";
    private static final int MOST_TASK_FILES = 100_000;

    private final CommandEvaluator command;
    private final String backend;
    private final Optional<Path> tasks;

    /// Also sees that the program can be started.
    ///
    /// @throws MergeException if it cannot, or settings cannot go together
    public LmEvalEvaluator(
            EvaluatorConfig.LmEval config, List<Task> tasks, EvaluatorSettings settings) {
        this.tasks = taskFolder(settings);
        LmEvalCommand line = new LmEvalCommand(config, settings, this.tasks);
        this.command =
                new CommandEvaluator(
                        new EvaluatorConfig.Command(line.text(), config.at()),
                        tasks,
                        settings.limit());
        this.backend = line.backend();
        checkProgram(config);
    }

    private static void checkProgram(EvaluatorConfig.LmEval config) {
        String shell = config.program() + " --help";
        List<String> words =
                CommandTemplate.WINDOWS
                        ? List.of("cmd.exe", "/d", "/c", shell)
                        : List.of("/bin/sh", "-c", shell);
        CommandRun run =
                new CommandRun(
                        new CommandTemplate.Command(words, Map.of()),
                        OptionalInt.empty(),
                        Optional.of(LONGEST_START),
                        new Cancellation());
        try (LogFile log = LogFile.inMemory()) {
            run.run(log);
        } catch (EvaluationException | IOException e) {
            throw new MergeException(
                    Problem.recipe(
                                    config.at(),
                                    "lm-evaluation-harness cannot be started as '%s': %s"
                                            .formatted(
                                                    config.program(),
                                                    e.getMessage().replace("\n  | ", "; ")))
                            .hint(
                                    "install it with 'pip install \"lm_eval[hf]\"', or name the"
                                            + " program, as in 'evaluator: {lm_eval: {program:"
                                            + " /path/to/lm_eval}}'"),
                    e);
        }
    }

    // It takes one folder.
    private static Optional<Path> taskFolder(EvaluatorSettings settings) {
        List<Path> folders = settings.taskFolders();
        for (Path folder : folders) {
            if (!Files.isDirectory(folder)) {
                throw new MergeException(
                        Problem.usage("--task-search-path", "no such folder: " + folder));
            }
        }
        if (folders.size() < 2) {
            return folders.stream().findFirst().map(Path::toAbsolutePath);
        }
        Path all;
        try {
            all = Files.createTempDirectory(COPIES);
        } catch (IOException e) {
            throw new MergeException(
                    Problem.output(
                            "--task-search-path", "tasks cannot be copied: " + IoReason.of(e)),
                    e);
        }
        try {
            for (int i = 0; i < folders.size(); i++) {
                copy(folders.get(i), all.resolve(String.valueOf(i)));
            }
        } catch (IOException e) {
            throw new MergeException(
                    Problem.output(all.toString(), "tasks cannot be copied: " + IoReason.of(e)), e);
        }
        return Optional.of(all);
    }

    private static void copy(Path from, Path to) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(from)) {
            files = walk.limit(MOST_TASK_FILES).toList();
        }
        for (Path file : files) {
            Path copy = to.resolve(from.relativize(file).toString());
            if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectories(copy);
            } else if (Files.isRegularFile(file)) {
                Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    @Override
    public String description() {
        return "lm-evaluation-harness with " + backend;
    }

    @Override
    public boolean readsFolder() {
        return true;
    }

    @Override
    public boolean hasHeldOut() {
        return command.hasHeldOut();
    }

    @Override
    public Map<String, Score> evaluate(Trial trial) throws EvaluationException {
        return command.evaluate(trial);
    }

    @Override
    public void close() {
        command.close();
        if (tasks.filter(t -> t.getFileName().toString().startsWith(COPIES)).isPresent()) {
            try {
                Removal.ofAll(tasks.get());
            } catch (IOException e) {
                // The system clears its folder for temporary files.
            }
        }
    }
}
