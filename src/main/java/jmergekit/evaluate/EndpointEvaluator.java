package jmergekit.evaluate;

import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import jmergekit.config.EvaluatorConfig;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problems;
import jmergekit.weights.IoReason;
import org.jspecify.annotations.Nullable;

/// Scores models by querying a server with OpenAI's interface, which it starts for each model.
///
/// Choices are either compared by likelihood or asked for as text. The first server that shows
/// whether it returns likelihoods decides which, so that scores of all models are comparable.
public final class EndpointEvaluator implements Evaluator {
    private static final Set<String> PLACES = Set.of("model", "port", "gpu", "slot", "out", "seed");
    private static final int LOOK_MILLIS = 10;

    private final EvaluatorConfig.Endpoint config;
    private final CommandTemplate template;
    private final List<EndpointTask> tasks;
    private final Optional<ApiKey> key;
    private final FreePorts ports = new FreePorts();
    private final AtomicReference<@Nullable Optional<String>> withoutLikelihood =
            new AtomicReference<>();

    /// @throws MergeException with everything that is wrong with the command, the address, or the
    ///     tasks and their files
    public EndpointEvaluator(
            EvaluatorConfig.Endpoint config, List<Task> tasks, EvaluatorSettings settings) {
        this.config = config;
        this.template = new CommandTemplate(config.serve(), PLACES, config);
        this.key = settings.apiKey();
        key.ifPresent(ApiKey::check);
        Problems problems = new Problems();
        ServerAddress.check(config, template.has("port"), settings.slots(), problems);
        this.tasks = tasks(tasks, settings, problems);
        problems.throwIfErrors();
    }

    private static List<EndpointTask> tasks(
            List<Task> tasks, EvaluatorSettings settings, Problems problems) {
        try {
            return EndpointTask.of(
                    TaskItems.read(tasks, settings.limit(), settings.shuffle(), settings.seed()));
        } catch (MergeException e) {
            problems.add(e);
            return List.of();
        }
    }

    @Override
    public String description() {
        return "a server with OpenAI's interface";
    }

    @Override
    public boolean readsFolder() {
        return true;
    }

    @Override
    public boolean hasHeldOut() {
        return true;
    }

    @Override
    public Map<String, Score> evaluate(Trial trial) throws EvaluationException {
        if (!template.has("port")) {
            return evaluate(trial, "");
        }
        int port = ports.take();
        try {
            return evaluate(trial, String.valueOf(port));
        } finally {
            ports.giveBack(port);
        }
    }

    private Map<String, Score> evaluate(Trial trial, String port) throws EvaluationException {
        Map<String, String> values = new HashMap<>();
        values.put("model", trial.model().toString());
        values.put("port", port);
        values.put("gpu", trial.gpu().isPresent() ? "" + trial.gpu().getAsInt() : "");
        values.put("slot", String.valueOf(trial.slot()));
        values.put("out", trial.out().toAbsolutePath().toString());
        values.put("seed", String.valueOf(trial.seed()));
        String url = config.url().replace(ServerAddress.PORT, port);
        try (LogFile log = LogFile.create(trial.out().resolve("server.log"));
                ServerClient client = new ServerClient(url, key)) {
            Stop stop = Stop.of(trial);
            if (client.isHealthy(config.health(), () -> await(stop, log))) {
                throw new EvaluationException("another server is already running at " + url + "");
            }
            try (ChildProcess process =
                            ChildProcess.start(template.filled(values), trial.gpu(), log);
                    ServedModel served =
                            new ServedModel(process, client, log, stop, config.requests())) {
                served.awaitHealth(config.health(), config.startSeconds());
                return scores(served, trial.split());
            }
        } catch (IOException e) {
            throw new EvaluationException("cannot write the log: " + IoReason.of(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EvaluationException("interrupted", e);
        }
    }

    private static void await(Stop stop, LogFile log)
            throws EvaluationException, InterruptedException {
        stop.check(log);
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }

    private Map<String, Score> scores(ServedModel served, Split split)
            throws EvaluationException, InterruptedException {
        ServerModel model = served.value(c -> new ServerModel(c, config));
        Optional<String> without =
                tasks.stream().anyMatch(EndpointTask::asksForLikelihood)
                        ? withoutLikelihood(served, model)
                        : Optional.empty();
        Map<String, Score> scores = new LinkedHashMap<>();
        for (EndpointTask task : tasks) {
            if (task.metric() == EndpointMetric.LOG_LIKELIHOOD && without.isPresent()) {
                throw new EvaluationException(
                        "this server does not support the metric 'log_likelihood': "
                                + without.get());
            }
            List<Item> items = task.items().of(split);
            double[] each =
                    served.each(
                            items.size(), i -> task.score(items.get(i), model, without.isEmpty()));
            scores.put(task.items().task().name(), Score.mean(each));
        }
        return scores;
    }

    private Optional<String> withoutLikelihood(ServedModel served, ServerModel model)
            throws EvaluationException, InterruptedException {
        Optional<String> settled = withoutLikelihood.get();
        if (settled != null) {
            return settled;
        }
        Optional<String> found = served.value(_ -> model.withoutLikelihood());
        Optional<String> earlier = withoutLikelihood.compareAndExchange(null, found);
        return earlier == null ? found : earlier;
    }

    @Override
    public void close() {
        // Each server ends with its evaluation.
    }
}
