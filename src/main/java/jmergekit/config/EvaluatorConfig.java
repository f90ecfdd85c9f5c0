package jmergekit.config;

import java.util.List;
import java.util.Optional;
import jmergekit.problem.Location;

/// Who scores the candidates of a search.
public sealed interface EvaluatorConfig {
    /// Where the file says so, or where it would.
    Location at();

    /// jmergekit itself runs the model in memory, on tasks with files of items.
    record BuiltIn(Location at) implements EvaluatorConfig {}

    /// A command that the user wrote.
    ///
    /// @param command for the system's shell, with places such as `{model}` to fill
    record Command(String command, Location at) implements EvaluatorConfig {}

    /// EleutherAI's lm-evaluation-harness, which knows tasks by name.
    ///
    /// @param program how it is started, such as `lm_eval` or `python -m lm_eval`
    /// @param backend its `--model`, such as `hf` or `vllm`
    /// @param modelArgs more of its `--model_args`
    /// @param args more arguments, passed through
    record LmEval(
            String program,
            Optional<String> backend,
            Optional<String> modelArgs,
            List<String> args,
            Location at)
            implements EvaluatorConfig {}

    /// A server with OpenAI's interface, on tasks with files of items.
    ///
    /// @param serve a command for the system's shell that serves a model until it is ended, with places
    ///     such as `{model}` and `{port}` to fill
    /// @param url of the interface, such as `http://127.0.0.1:{port}/v1`
    /// @param health path that answers when the server is ready
    /// @param startSeconds how long that may take
    /// @param chat whether contexts are sent as chat messages rather than as text to go on with
    /// @param model what requests call the model; without one, the first that the server lists
    /// @param maxTokens most tokens of an answer
    /// @param stop texts that end an answer
    /// @param requests how many are under way at a time
    record Endpoint(
            String serve,
            String url,
            String health,
            int startSeconds,
            boolean chat,
            Optional<String> model,
            int maxTokens,
            List<String> stop,
            int requests,
            Location at)
            implements EvaluatorConfig {
        public Endpoint {
            stop = List.copyOf(stop);
        }
    }
}
