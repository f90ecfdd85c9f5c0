package jmergekit.config;

import java.util.List;

/// The keys that configure how candidates of a search are scored.
final class EvaluatorKeys {
    static final String BUILT_IN = "built-in";
    static final String COMMAND = "command";
    static final String LM_EVAL = "lm_eval";
    static final String ENDPOINT = "endpoint";

    /// The placeholder for the model's folder in a command.
    static final String MODEL = "{model}";

    /// Each request has a thread.
    static final int MOST_REQUESTS = 1000;

    private static final Form COMMAND_WITH_MODEL = new Form.Text("\\{model\\}");

    private EvaluatorKeys() {}

    static Key evaluator() {
        return Key.of(
                "evaluator",
                Form.anyOf(
                        Form.words(BUILT_IN, LM_EVAL, "builtin", "lm-eval"),
                        new Form.In(Section.EVALUATOR)),
                "The evaluator. Default: `built-in` if all tasks have a `file`, otherwise "
                        + "`lm_eval`.");
    }

    static List<Key> evaluators() {
        return List.of(
                Key.of(
                        BUILT_IN,
                        new Form.Nothing(),
                        "jmergekit, in memory, without writing a model."),
                Key.of(
                        COMMAND,
                        COMMAND_WITH_MODEL,
                        "Your own command, with `{model}` as the placeholder for the model's "
                                + "folder."),
                Key.of(
                        LM_EVAL,
                        Form.anyOf(new Form.In(Section.LM_EVAL), new Form.Nothing()),
                        "lm-evaluation-harness, which you install."),
                Key.of(
                        ENDPOINT,
                        new Form.In(Section.ENDPOINT),
                        "A server with an OpenAI-compatible API, started for each model."));
    }

    static List<Key> lmEval() {
        return List.of(
                Key.of("program", Form.text(), "The command. Default: `lm_eval`."),
                Key.of("backend", Form.text(), "Its `--model`, such as `hf` or `vllm`."),
                Key.of(
                        "model_args",
                        Form.anyOf(Form.text(), new Form.MapOf(new Form.Text(""))),
                        "Additional `--model_args`: text such as `a=1,b=2`, or a mapping."),
                Key.of("args", new Form.ListOf(Form.text(), 0), "Additional arguments."));
    }

    static List<Key> endpoint() {
        return List.of(
                Key.required(
                        "serve",
                        COMMAND_WITH_MODEL,
                        "The command that serves a model, with `{model}` and `{port}`."),
                Key.of(
                        "url",
                        Form.text(),
                        "The URL of the API. Default: `http://127.0.0.1:{port}/v1`."),
                Key.of(
                        "health",
                        new Form.Text("^/"),
                        "The path that responds once the server is ready. Default: `/health`."),
                Key.of(
                        "start_seconds",
                        Form.count(1),
                        "How many seconds the server may take to " + "start. Default: 600."),
                Key.of(
                        "chat",
                        new Form.Flag(),
                        "Whether questions are sent as chat messages. Default: false."),
                Key.of(
                        "model",
                        Form.text(),
                        "The model name in requests. Default: the first that the server lists."),
                Key.of(
                        "max_tokens",
                        Form.count(1),
                        "Maximum number of tokens in an answer. " + "Default: 32."),
                Key.of(
                        "stop",
                        new Form.ListOf(Form.text(), 0),
                        "Stop sequences that end an " + "answer."),
                Key.of(
                        "requests",
                        new Form.Count(1, MOST_REQUESTS),
                        "Number of concurrent requests. Default: 8."));
    }
}
