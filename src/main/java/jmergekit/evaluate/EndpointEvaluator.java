package jmergekit.evaluate;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jmergekit.config.EvaluatorConfig;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.weights.IoReason;

/// Scores models by asking a server with OpenAI's interface, which it starts for each model.
public final class EndpointEvaluator implements Evaluator {
    private static final Set<String> PLACES = Set.of("model", "port", "gpu", "slot", "out", "seed");
    private static final String PORT = "{port}";

    private final EvaluatorConfig.Endpoint config;
    private final CommandTemplate template;
    private final List<EndpointTask> tasks;

    /// @throws MergeException if the command, the address, or a task's file is not right
    public EndpointEvaluator(
            EvaluatorConfig.Endpoint config, List<Task> tasks, EvaluatorSettings settings) {
        this.config = config;
        this.template = new CommandTemplate(config.serve(), PLACES, config);
        if (template.has("port") && !config.url().contains(PORT)) {
            throw new MergeException(
                    Problem.recipe(config.at(), "the server gets a {port}, but 'url' has none"));
        }
        checkAddress(config);
        this.tasks =
                TaskItems.read(tasks, settings.limit(), settings.shuffle(), settings.seed())
                        .stream()
                        .map(EndpointTask::of)
                        .toList();
    }

    private static void checkAddress(EvaluatorConfig.Endpoint config) {
        try {
            URI uri = URI.create(config.url().replace(PORT, "1"));
            if (uri.getHost() != null && Set.of("http", "https").contains(uri.getScheme())) {
                return;
            }
        } catch (IllegalArgumentException e) {
            // Refused below.
        }
        throw new MergeException(
                Problem.recipe(config.at(), "'url' is no address of a server")
                        .expected("one such as http://127.0.0.1:{port}/v1")
                        .found(config.url()));
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
        String port = template.has("port") ? String.valueOf(freePort()) : "";
        Map<String, String> values = new HashMap<>();
        values.put("model", trial.model().toString());
        values.put("port", port);
        values.put("gpu", trial.gpu().isPresent() ? "" + trial.gpu().getAsInt() : "");
        values.put("slot", String.valueOf(trial.slot()));
        values.put("out", trial.out().toAbsolutePath().toString());
        values.put("seed", String.valueOf(trial.seed()));
        String url = config.url().replace(PORT, port);
        try (LogFile log = LogFile.create(trial.out().resolve("server.log"));
                ServerClient client = new ServerClient(url)) {
            Deadline deadline = new Deadline(trial.timeout(), trial.cancellation());
            if (client.isHealthy(config.health())) {
                throw new EvaluationException("another server is at " + url + " already");
            }
            try (ChildProcess process =
                            ChildProcess.start(template.filled(values), trial.gpu(), log);
                    ServedModel served =
                            new ServedModel(process, client, log, deadline, config.requests())) {
                served.awaitHealth(config.health(), config.startSeconds());
                return scores(served, trial.split());
            }
        } catch (IOException e) {
            throw new EvaluationException("the log cannot be written: " + IoReason.of(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EvaluationException("interrupted", e);
        }
    }

    private static int freePort() throws EvaluationException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new EvaluationException("there is no free port: " + IoReason.of(e), e);
        }
    }

    private Map<String, Score> scores(ServedModel served, Split split)
            throws EvaluationException, InterruptedException {
        ServerModel model = served.value(c -> new ServerModel(c, config));
        String why = needsLikelihood() ? served.value(_ -> model.withoutLikelihood()) : "not asked";
        Map<String, Score> scores = new LinkedHashMap<>();
        for (EndpointTask task : tasks) {
            if (task.metric() == EndpointMetric.LOG_LIKELIHOOD && !why.isEmpty()) {
                throw new EvaluationException(
                        "metric 'log_likelihood' cannot be had of this server: " + why);
            }
            List<Item> items = task.items().of(split);
            double[] each =
                    served.each(items.size(), i -> task.score(items.get(i), model, why.isEmpty()));
            scores.put(task.items().task().name(), EndpointTask.mean(each));
        }
        return scores;
    }

    private boolean needsLikelihood() {
        return tasks.stream()
                .anyMatch(t ->
                        t.metric() == EndpointMetric.LOG_LIKELIHOOD
                                || t.metric() == EndpointMetric.ACC);
    }

    @Override
    public void close() {
        // Each server ends with its evaluation.
    }
}
