package jmergekit.evaluate;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import jmergekit.problem.Printable;
import jmergekit.problem.ShortList;
import jmergekit.problem.Suggestion;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// What an evaluation reported, by task and metric: a results file of lm-evaluation-harness, or
/// plain JSON as described in docs/reference/evaluators.md#what-a-command-reports.
final class Report {
    private static final String STDERR = "_stderr";
    private static final int SHOWN = 12;

    private final Map<String, Map<String, Reported>> tasks = new LinkedHashMap<>();

    /// @throws EvaluationException if it is not a report
    Report(JsonNode root) throws EvaluationException {
        if (!root.isObject()) {
            throw new EvaluationException("the result is not a JSON object");
        }
        if (isOfHarness(root)) {
            readHarness(root, "results");
            readHarness(root, "groups");
        } else {
            root.properties().forEach(e -> readPlain(e.getKey(), e.getValue()));
        }
    }

    private static boolean isOfHarness(JsonNode root) {
        JsonNode results = root.path("results");
        return results.isObject()
                && !results.isEmpty()
                && results.properties().stream().allMatch(e -> e.getValue().isObject());
    }

    private void readHarness(JsonNode root, String section) {
        for (Map.Entry<String, JsonNode> task : root.path(section).properties()) {
            JsonNode directions = root.path("higher_is_better").path(task.getKey());
            JsonNode values = task.getValue();
            for (Map.Entry<String, JsonNode> entry : values.properties()) {
                String[] parts = entry.getKey().split(",", 2);
                if (parts.length < 2 || parts[0].endsWith(STDERR)) {
                    continue;
                }
                JsonNode direction = directions.path(parts[0]);
                put(
                        task.getKey(),
                        new Reported(
                                entry.getKey(),
                                entry.getValue(),
                                values.path(parts[0] + STDERR + "," + parts[1]),
                                direction(direction),
                                MissingNode.getInstance()));
            }
        }
    }

    private static Optional<Boolean> direction(JsonNode node) {
        return node.isBoolean() ? Optional.of(node.booleanValue()) : Optional.empty();
    }

    private void put(String task, Reported reported) {
        tasks.computeIfAbsent(task, _ -> new LinkedHashMap<>())
                .putIfAbsent(reported.metric(), reported);
    }

    private void readPlain(String key, JsonNode value) {
        String[] parts = key.split(",", 2);
        if (parts.length == 2) {
            put(parts[0].strip(), plain(parts[1].strip(), value));
        } else if (!value.isObject() || value.has("value")) {
            put(key, plain("", value));
        } else {
            for (Map.Entry<String, JsonNode> metric : value.properties()) {
                put(key, plain(metric.getKey(), metric.getValue()));
            }
        }
    }

    private static Reported plain(String metric, JsonNode value) {
        JsonNode error = value.path("stderr");
        return value.isObject()
                ? new Reported(
                        metric,
                        value.path("value"),
                        error,
                        direction(value.path("higher_is_better")),
                        value.path("items"))
                : new Reported(metric, value, error, Optional.empty(), error);
    }

    /// What was reported for a task.
    ///
    /// @param name of the task in the report
    /// @param metric its full name, or the part before the comma; if empty, the only one, or
    ///     `acc,none`, or `acc`
    /// @throws EvaluationException listing what exists, if there is no such task or metric
    Reported find(String name, Optional<String> metric) throws EvaluationException {
        Map<String, Reported> metrics = tasks.get(name);
        if (metrics == null) {
            throw missing("no task '" + name + "'", name, tasks.keySet(), "tasks");
        }
        return metric.isPresent() ? named(name, metrics, metric.get()) : usual(name, metrics);
    }

    private static Reported named(String task, Map<String, Reported> metrics, String metric)
            throws EvaluationException {
        Reported exact = metrics.get(metric);
        if (exact != null) {
            return exact;
        }
        String[] parts = metric.split(",", 2);
        if (parts.length == 2) {
            // A metric reported without a filter has no filter.
            Reported bare = metrics.get(parts[0]);
            return bare != null && parts[1].equals("none") ? bare : refuse(task, metrics, metric);
        }
        List<Reported> filtered =
                metrics.values().stream()
                        .filter(r -> r.metric().startsWith(metric + ","))
                        .sorted(Comparator.comparing(r -> !r.metric().endsWith(",none")))
                        .toList();
        boolean clear =
                filtered.size() == 1
                        || !filtered.isEmpty() && filtered.getFirst().metric().endsWith(",none");
        return clear ? filtered.getFirst() : refuse(task, metrics, metric);
    }

    private static Reported refuse(String task, Map<String, Reported> metrics, String metric)
            throws EvaluationException {
        throw missing(
                "no metric '%s' of task '%s'".formatted(metric, task),
                metric,
                metrics.keySet(),
                "metrics");
    }

    private static Reported usual(String task, Map<String, Reported> metrics)
            throws EvaluationException {
        for (String name : List.of("", "acc,none", "acc")) {
            Reported reported = metrics.get(name);
            if (reported != null) {
                return reported;
            }
        }
        if (metrics.size() == 1) {
            return metrics.values().iterator().next();
        }
        throw missing(
                "several metrics for task '%s', and none was chosen".formatted(task),
                "",
                metrics.keySet(),
                "metrics");
    }

    private static EvaluationException missing(
            String what, String name, Iterable<String> known, String kind) {
        TreeSet<String> names = new TreeSet<>();
        known.forEach(k -> names.add(k.isEmpty() ? "(without a name)" : Printable.of(k)));
        String meant = name.isEmpty() ? "" : Suggestion.didYouMean(name, names);
        String there = names.isEmpty() ? "none" : ShortList.of(names, SHOWN);
        return new EvaluationException(
                "the result has %s%s; %s in it: %s".formatted(what, meant, kind, there));
    }
}
