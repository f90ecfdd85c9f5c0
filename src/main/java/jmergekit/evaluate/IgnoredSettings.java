package jmergekit.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import jmergekit.config.EvaluatorConfig;
import jmergekit.problem.Problem;

/// Settings in a search's file and command line that its evaluator ignores, as warnings.
final class IgnoredSettings {
    private static final String HARNESS = "only lm_eval does";

    private final EvaluatorConfig config;
    private final String name;
    private final List<Problem> warnings = new ArrayList<>();

    private IgnoredSettings(EvaluatorConfig config, String name) {
        this.config = config;
        this.name = name;
    }

    static List<Problem> of(EvaluatorConfig config, List<Task> tasks, EvaluatorSettings settings) {
        IgnoredSettings ignored = new IgnoredSettings(config, name(config));
        switch (config) {
            case EvaluatorConfig.BuiltIn _ -> ignored.ofHarness(settings, HARNESS);
            case EvaluatorConfig.Endpoint _ ->
                    ignored.ofHarness(settings, HARNESS + "; for chats, set 'chat' of 'endpoint'");
            case EvaluatorConfig.Command command -> {
                ignored.ofHarness(settings, HARNESS + "; write it into the command");
                if (settings.limit().isPresent() && !command.command().contains("{limit}")) {
                    ignored.file("limit", "write {limit} into the command");
                }
                ignored.ofNamedTasks(tasks, settings);
            }
            case EvaluatorConfig.LmEval harness -> {
                if (settings.vllm() && harness.backend().isPresent() && !isVllm(harness)) {
                    ignored.option("--vllm", true, "'backend' is set and takes precedence");
                }
                ignored.ofNamedTasks(tasks, settings);
            }
        }
        return List.copyOf(ignored.warnings);
    }

    private static String name(EvaluatorConfig config) {
        return switch (config) {
            case EvaluatorConfig.BuiltIn _ -> "built-in";
            case EvaluatorConfig.Command _ -> "command";
            case EvaluatorConfig.LmEval _ -> "lm_eval";
            case EvaluatorConfig.Endpoint _ -> "endpoint";
        };
    }

    private static boolean isVllm(EvaluatorConfig.LmEval harness) {
        return harness.backend().orElse("").toLowerCase(Locale.ROOT).equals("vllm");
    }

    private void ofHarness(EvaluatorSettings settings, String hint) {
        if (settings.fewShot().orElse(0) > 0) {
            file("num_fewshot", hint);
        }
        if (settings.chatTemplate()) {
            file("apply_chat_template", hint);
        }
        if (settings.fewShotAsTurns()) {
            file("fewshot_as_multiturn", hint);
        }
        option("--vllm", settings.vllm(), hint);
        option("--batch-size", settings.batchSize().isPresent(), hint);
        option("--task-search-path", !settings.taskFolders().isEmpty(), hint);
        option("--load-in-8bit", settings.loadIn8Bit(), hint);
        option("--load-in-4bit", settings.loadIn4Bit(), hint);
        option("--trust-remote-code", settings.trustRemoteCode(), hint);
    }

    private void ofNamedTasks(List<Task> tasks, EvaluatorSettings settings) {
        if (settings.shuffle()) {
            file("shuffle", "only 'built-in' and 'endpoint' draw items");
        }
        for (Task task : tasks) {
            if (task.items().isPresent()) {
                ofTask("file", task);
            }
            if (task.extract().isPresent()) {
                ofTask("extract", task);
            }
        }
    }

    private void file(String key, String hint) {
        warnings.add(
                Problem.recipe(config.at(), changesNothing("'" + key + "'"))
                        .hint(hint)
                        .asWarning());
    }

    private void ofTask(String key, Task task) {
        file(
                "%s' of task '%s".formatted(key, task.name()),
                "only 'built-in' and 'endpoint' read it");
    }

    private void option(String option, boolean isGiven, String hint) {
        if (isGiven) {
            warnings.add(
                    Problem.usage(option, changesNothing("the option")).hint(hint).asWarning());
        }
    }

    private String changesNothing(String what) {
        return "%s has no effect with the evaluator '%s'".formatted(what, name);
    }
}
