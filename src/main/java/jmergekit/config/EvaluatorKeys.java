package jmergekit.config;

import java.util.List;

/// The keys about who scores the candidates of a search.
final class EvaluatorKeys {
    static final String BUILT_IN = "built-in";
    static final String COMMAND = "command";
    static final String LM_EVAL = "lm_eval";
    static final String ENDPOINT = "endpoint";

    /// Where the model's folder stands in a command.
    static final String MODEL = "{model}";

    /// Each has a thread.
    static final int MOST_REQUESTS = 1000;

    private static final Form COMMAND_WITH_MODEL = new Form.Text("\\{model\\}");

    private EvaluatorKeys() {}

    static Key evaluator() {
        return Key.of(
                "evaluator",
                Form.anyOf(
                        Form.words(BUILT_IN, LM_EVAL, "builtin", "lm-eval"),
                        new Form.In(Section.EVALUATOR)),
                "Who scores. Default: `built-in` if all tasks have a `file`, else `lm_eval`.");
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
                        "A command of yours, with `{model}` where the model's folder stands."),
                Key.of(
                        LM_EVAL,
                        Form.anyOf(new Form.In(Section.LM_EVAL), new Form.Nothing()),
                        "lm-evaluation-harness, which you install."),
                Key.of(
                        ENDPOINT,
                        new Form.In(Section.ENDPOINT),
                        "A server with OpenAI's interface, which is started for each model."));
    }

    static List<Key> lmEval() {
        return List.of(
                Key.of("program", Form.text(), "The command. Default: `lm_eval`."),
                Key.of("backend", Form.text(), "Its `--model`, such as `hf` or `vllm`."),
                Key.of(
                        "model_args",
                        Form.anyOf(Form.text(), new Form.MapOf(new Form.Text(""))),
                        "More of its `--model_args`: text as `a=1,b=2`, or a mapping."),
                Key.of("args", new Form.ListOf(Form.text(), 0), "More arguments."));
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
                        "Of the interface. Default: `http://127.0.0.1:{port}/v1`."),
                Key.of(
                        "health",
                        new Form.Text("^/"),
                        "The path that answers when the server is ready. Default: `/health`."),
                Key.of("start_seconds", Form.count(1), "How long that may take. Default: 600."),
                Key.of(
                        "chat",
                        new Form.Flag(),
                        "Whether questions are sent as chat messages. Default: false."),
                Key.of(
                        "model",
                        Form.text(),
                        "What requests call the model. Default: the first that the server lists."),
                Key.of("max_tokens", Form.count(1), "Most tokens of an answer. Default: 32."),
                Key.of("stop", new Form.ListOf(Form.text(), 0), "Texts that end an answer."),
                Key.of(
                        "requests",
                        new Form.Count(1, MOST_REQUESTS),
                        "How many are under way at a time. Default: 8."));
    }
}
