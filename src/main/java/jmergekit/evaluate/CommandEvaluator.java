package jmergekit.evaluate;

import static java.util.stream.Collectors.joining;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import jmergekit.config.EvaluatorConfig;
import jmergekit.problem.MergeException;

/// Scores models with a user-defined command that reports as described in
/// docs/reference/evaluators.md#what-a-command-reports.
public final class CommandEvaluator implements Evaluator {
    private static final Set<String> PLACES =
            Set.of("model", "out", "seed", "slot", "gpu", "limit", "split", "tasks");

    private final CommandTemplate template;
    private final List<Task> tasks;
    private final Optional<Integer> limit;

    /// @param limit most items of a task that a search uses, for the placeholder `{limit}`
    /// @throws MergeException if the command has an unknown placeholder
    public CommandEvaluator(
            EvaluatorConfig.Command config, List<Task> tasks, Optional<Integer> limit) {
        this.template = new CommandTemplate(config.command(), PLACES, config);
        this.tasks = List.copyOf(tasks);
        this.limit = limit;
    }

    @Override
    public String description() {
        return "a command";
    }

    @Override
    public boolean readsFolder() {
        return true;
    }

    /// A command that receives the split can choose the items; other commands need separate tasks.
    @Override
    public boolean hasHeldOut() {
        return template.has("split") || tasks.stream().anyMatch(t -> t.heldOutName().isPresent());
    }

    @Override
    public Map<String, Score> evaluate(Trial trial) throws EvaluationException {
        Map<Task, String> names = names(trial.split());
        CommandRun run =
                new CommandRun(
                        template.filled(values(trial, names)),
                        trial.gpu(),
                        trial.timeout(),
                        trial.cancellation());
        String printed = run.run(trial.out().resolve("log.txt"));
        Optional<Path> file = ResultFiles.newest(trial.out());
        Report report = file.isPresent() ? ResultFiles.read(file.get()) : ResultFiles.last(printed);
        Map<String, Score> scores = new LinkedHashMap<>();
        for (Map.Entry<Task, String> entry : names.entrySet()) {
            Task task = entry.getKey();
            Reported reported = report.find(entry.getValue(), task.metric());
            Score score = reported.score(entry.getValue());
            scores.put(
                    task.name(),
                    file.filter(_ -> score.items().length == 0)
                            .map(f -> withSamples(score, f, entry.getValue(), reported.metric()))
                            .orElse(score));
        }
        return scores;
    }

    private static Score withSamples(Score score, Path results, String task, String metric) {
        return new Score(
                score.value(),
                score.standardError(),
                score.higherIsBetter(),
                SampleScores.read(results, task, metric));
    }

    private Map<Task, String> names(Split split) {
        Map<Task, String> names = new LinkedHashMap<>();
        for (Task task : tasks) {
            boolean asked = split == Split.SEARCH || template.has("split");
            Optional<String> other = split == Split.SEARCH ? Optional.empty() : task.heldOutName();
            if (asked || other.isPresent()) {
                names.put(task, other.orElse(task.name()));
            }
        }
        return names;
    }

    private Map<String, String> values(Trial trial, Map<Task, String> names) {
        boolean searches = trial.split() == Split.SEARCH;
        Map<String, String> values = new HashMap<>();
        values.put("model", trial.model().toString());
        values.put("out", trial.out().toAbsolutePath().toString());
        values.put("seed", String.valueOf(trial.seed()));
        values.put("slot", String.valueOf(trial.slot()));
        values.put("gpu", trial.gpu().isPresent() ? "" + trial.gpu().getAsInt() : "");
        values.put("limit", limit.filter(_ -> searches).map(String::valueOf).orElse(""));
        values.put("split", trial.split().text());
        values.put("tasks", names.values().stream().collect(joining(",")));
        return values;
    }

    @Override
    public void close() {
        // Each command ends with its evaluation.
    }
}
