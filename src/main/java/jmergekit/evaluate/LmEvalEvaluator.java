package jmergekit.evaluate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jmergekit.Cancellation;
import jmergekit.config.EvaluatorConfig;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.publish.Removal;
import jmergekit.weights.IoReason;

/// Scores models with EleutherAI's lm-evaluation-harness, which knows tasks by name.
public final class LmEvalEvaluator implements Evaluator {
    private static final Duration LONGEST_START = Duration.ofSeconds(60);
    private static final String COPIES = "jmergekit-tasks-";
    private static final int MOST_TASK_FILES = 100_000;
    private static final Pattern OPTIONAL_VALUE = Pattern.compile("--fewshot_as_multiturn\\s+\\[");

    private final Map<Split, CommandEvaluator> commands = new EnumMap<>(Split.class);
    private final String backend;
    private final Optional<Path> tasks;

    /// Also checks that the program can be started.
    ///
    /// @throws MergeException if it cannot, or if settings contradict each other
    public LmEvalEvaluator(
            EvaluatorConfig.LmEval config, List<Task> tasks, EvaluatorSettings settings) {
        LmEvalCommand.check(config, settings);
        checkProgram(config);
        this.tasks = taskFolder(settings);
        LmEvalCommand line =
                new LmEvalCommand(config, settings, this.tasks, takesFalse(config, settings));
        for (Split split : Split.values()) {
            commands.put(
                    split,
                    new CommandEvaluator(
                            new EvaluatorConfig.Command(line.text(split), config.at()),
                            tasks,
                            settings.limit()));
        }
        this.backend = line.backend();
    }

    private static boolean takesFalse(EvaluatorConfig.LmEval config, EvaluatorSettings settings) {
        if (!settings.chatTemplate() || settings.fewShotAsTurns()) {
            return false;
        }
        try {
            return OPTIONAL_VALUE.matcher(printed(config.program() + " run --help")).find();
        } catch (EvaluationException | IOException e) {
            return false;
        }
    }

    private static void checkProgram(EvaluatorConfig.LmEval config) {
        try {
            printed(config.program() + " --help");
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

    private static String printed(String shell) throws EvaluationException, IOException {
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
            return run.run(log);
        }
    }

    // lm_eval accepts only one folder.
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
                            "--task-search-path", "cannot copy the tasks: " + IoReason.of(e)),
                    e);
        }
        try {
            for (int i = 0; i < folders.size(); i++) {
                copy(folders.get(i), all.resolve(String.valueOf(i)));
            }
        } catch (IOException e) {
            throw new MergeException(
                    Problem.output(all.toString(), "cannot copy the tasks: " + IoReason.of(e)), e);
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

    private CommandEvaluator command(Split split) {
        return Objects.requireNonNull(commands.get(split));
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
        return command(Split.HELD_OUT).hasHeldOut();
    }

    @Override
    public Map<String, Score> evaluate(Trial trial) throws EvaluationException {
        return command(trial.split()).evaluate(trial);
    }

    @Override
    public void close() {
        commands.values().forEach(CommandEvaluator::close);
        if (tasks.filter(t -> t.getFileName().toString().startsWith(COPIES)).isPresent()) {
            try {
                Removal.ofAll(tasks.get());
            } catch (IOException e) {
                // The system cleans its folder for temporary files.
            }
        }
    }
}
