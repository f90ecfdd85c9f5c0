package jmergekit.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import jmergekit.problem.Location;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.Suggestion;

/// Reads `evaluator`: a name, or a mapping from a name to settings. Without it, tasks with files
/// use the built-in evaluator, and tasks with only a name use lm-evaluation-harness.
record EvaluatorReader(Problems problems) {
    private static final String PROGRAM = "lm_eval";
    private static final String URL = "http://127.0.0.1:{port}/v1";
    private static final String HEALTH = "/health";
    private static final int START_SECONDS = 600;
    private static final int MAX_TOKENS = 32;
    private static final int REQUESTS = 8;

    EvaluatorConfig read(Fields root, List<TaskConfig> tasks) {
        Optional<YamlNode> node = root.value("evaluator");
        boolean files = !tasks.isEmpty() && tasks.stream().allMatch(t -> t.items().isPresent());
        EvaluatorConfig usual = files ? new EvaluatorConfig.BuiltIn(root.at()) : lmEval(root.at());
        EvaluatorConfig evaluator = node.flatMap(this::evaluator).orElse(usual);
        if (node.isEmpty() || evaluator != usual) {
            check(evaluator, tasks, node.isPresent());
        }
        return evaluator;
    }

    private static EvaluatorConfig lmEval(Location at) {
        return new EvaluatorConfig.LmEval(
                PROGRAM, Optional.empty(), Optional.empty(), List.of(), at);
    }

    /// @param chosen whether the file names the evaluator
    private void check(EvaluatorConfig evaluator, List<TaskConfig> tasks, boolean chosen) {
        for (TaskConfig task : tasks) {
            String name = task.name().value();
            switch (evaluator) {
                case EvaluatorConfig.BuiltIn _, EvaluatorConfig.Endpoint _ -> {
                    if (task.items().isEmpty()) {
                        problems.add(
                                Problem.recipe(
                                                task.name().at(),
                                                "task '%s' has no items".formatted(name))
                                        .expected(
                                                "a 'file' with JSON lines, which this "
                                                        + "evaluator needs"));
                    }
                }
                case EvaluatorConfig.LmEval _ ->
                        task.items()
                                .ifPresent(file -> problems.add(ofLmEval(name, file.at(), chosen)));
                case EvaluatorConfig.Command _ -> {}
            }
        }
    }

    private static Problem ofLmEval(String task, Location file, boolean chosen) {
        Problem problem =
                Problem.recipe(file, "lm_eval does not read the 'file' of task '" + task + "'");
        return chosen
                ? problem.hint("omit it, or choose 'evaluator: built-in'")
                : problem.hint(
                        "give each task a 'file' to use the built-in evaluator; without an "
                                + "'evaluator', tasks with only a name use lm_eval");
    }

    private Optional<EvaluatorConfig> evaluator(YamlNode node) {
        return switch (node) {
            case YamlNode.Scalar scalar -> named(scalar);
            case YamlNode.Mapping mapping ->
                    Fields.of(mapping, Section.EVALUATOR, "'evaluator'", problems)
                            .flatMap(this::settings);
            case YamlNode.Sequence list -> {
                problems.add(Fields.wrongForm("'evaluator'", "a name or a mapping", list));
                yield Optional.empty();
            }
        };
    }

    private Optional<EvaluatorConfig> named(YamlNode.Scalar scalar) {
        String name = scalar.text().toLowerCase(Locale.ROOT).replace('_', '-');
        return switch (name) {
            case "built-in", "builtin" -> Optional.of(new EvaluatorConfig.BuiltIn(scalar.at()));
            case "lm-eval" -> Optional.of(lmEval(scalar.at()));
            case EvaluatorKeys.COMMAND, EvaluatorKeys.ENDPOINT -> {
                problems.add(
                        Problem.recipe(scalar.at(), "evaluator '" + name + "' needs settings")
                                .hint("write 'evaluator: {%s: ...}'".formatted(name)));
                yield Optional.empty();
            }
            default -> {
                List<String> known = Section.EVALUATOR.keys();
                problems.add(
                        Problem.recipe(
                                        scalar.at(),
                                        "unknown evaluator '%s'%s"
                                                .formatted(
                                                        scalar.text(),
                                                        Suggestion.didYouMean(
                                                                scalar.text(), known)))
                                .expected("one of " + String.join(", ", known)));
                yield Optional.empty();
            }
        };
    }

    private Optional<EvaluatorConfig> settings(Fields fields) {
        List<YamlNode.Entry> given =
                fields.mapping().entries().stream()
                        .filter(e -> Section.EVALUATOR.keys().contains(e.key().text()))
                        .toList();
        if (given.size() != 1) {
            problems.add(
                    Problem.recipe(fields.at(), "need exactly one evaluator")
                            .expected("one of " + String.join(", ", Section.EVALUATOR.keys()))
                            .found(
                                    given.isEmpty()
                                            ? "none"
                                            : given.stream()
                                                    .map(e -> e.key().text())
                                                    .collect(Collectors.joining(" and "))));
            return Optional.empty();
        }
        YamlNode.Entry entry = given.getFirst();
        Location at = entry.key().at();
        return switch (entry.key().text()) {
            case EvaluatorKeys.BUILT_IN -> {
                if (!entry.value().isNull()) {
                    problems.add(
                            Fields.wrongForm("'built-in'", "no settings", entry.value())
                                    .hint("write 'evaluator: built-in'"));
                }
                yield Optional.of(new EvaluatorConfig.BuiltIn(at));
            }
            case EvaluatorKeys.COMMAND -> {
                fields.required(EvaluatorKeys.COMMAND, "'evaluator'");
                yield command(fields, EvaluatorKeys.COMMAND)
                        .map(c -> new EvaluatorConfig.Command(c, at));
            }
            case EvaluatorKeys.LM_EVAL ->
                    entry.value().isNull()
                            ? Optional.of(lmEval(at))
                            : Fields.of(entry.value(), Section.LM_EVAL, "'lm_eval'", problems)
                                    .map(f -> lmEval(f, at));
            default ->
                    Fields.of(entry.value(), Section.ENDPOINT, "'endpoint'", problems)
                            .flatMap(f -> endpoint(f, at));
        };
    }

    private Optional<String> command(Fields fields, String key) {
        Optional<Located<String>> command = fields.text(key);
        command.filter(c -> !c.value().contains(EvaluatorKeys.MODEL))
                .ifPresent(c ->
                        problems.add(
                                Problem.recipe(c.at(), "'" + key + "' does not name the model")
                                        .expected(
                                                "'{model}' as the placeholder for the model's "
                                                        + "folder")));
        return command.map(Located::value);
    }

    private EvaluatorConfig lmEval(Fields fields, Location at) {
        return new EvaluatorConfig.LmEval(
                fields.text("program").map(Located::value).orElse(PROGRAM),
                fields.text("backend").map(Located::value),
                modelArgs(fields),
                fields.texts("args").stream().map(Located::value).toList(),
                at);
    }

    /// In the form of lm-evaluation-harness, `a=1,b=2`, or as a mapping.
    private Optional<String> modelArgs(Fields fields) {
        if (!(fields.value("model_args").orElse(null) instanceof YamlNode.Mapping mapping)) {
            return fields.text("model_args").map(Located::value);
        }
        List<String> args = new ArrayList<>();
        for (YamlNode.Entry entry : mapping.entries()) {
            if (entry.value() instanceof YamlNode.Scalar scalar) {
                args.add(entry.key().text() + "=" + scalar.text());
            } else {
                problems.add(Fields.wrongForm("an entry of 'model_args'", "text", entry.value()));
            }
        }
        return args.isEmpty() ? Optional.empty() : Optional.of(String.join(",", args));
    }

    private Optional<EvaluatorConfig> endpoint(Fields fields, Location at) {
        fields.required("serve", "'endpoint'");
        Optional<String> serve = command(fields, "serve");
        String url = fields.text("url").map(Located::value).orElse(URL);
        String health = health(fields);
        int seconds = fields.count("start_seconds").map(Located::value).orElse(START_SECONDS);
        boolean chat = fields.flag("chat").orElse(false);
        Optional<String> model = fields.text("model").map(Located::value);
        int tokens = fields.count("max_tokens").map(Located::value).orElse(MAX_TOKENS);
        List<String> stop = fields.texts("stop").stream().map(Located::value).toList();
        int requests = requests(fields);
        return serve.map(s ->
                new EvaluatorConfig.Endpoint(
                        s, url, health, seconds, chat, model, tokens, stop, requests, at));
    }

    private String health(Fields fields) {
        Optional<Located<String>> health = fields.text("health");
        health.filter(h -> !isPath(h.value()))
                .ifPresent(h ->
                        problems.add(
                                Problem.recipe(h.at(), "'health' is not a URL path")
                                        .expected("a path such as " + HEALTH)
                                        .found("'" + h.value() + "'")));
        return health.map(Located::value).orElse(HEALTH);
    }

    private static boolean isPath(String text) {
        try {
            URI uri = new URI(text);
            return text.startsWith("/") && uri.getRawAuthority() == null && !uri.isAbsolute();
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private int requests(Fields fields) {
        Optional<Located<Integer>> requests = fields.count("requests");
        requests.filter(r -> r.value() > EvaluatorKeys.MOST_REQUESTS)
                .ifPresent(r ->
                        problems.add(
                                Problem.recipe(r.at(), "too many concurrent requests")
                                        .expected("at most " + EvaluatorKeys.MOST_REQUESTS)
                                        .found(String.valueOf(r.value()))));
        return requests.map(Located::value).orElse(REQUESTS);
    }
}
