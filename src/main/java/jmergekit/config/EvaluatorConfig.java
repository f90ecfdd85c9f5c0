package jmergekit.config;

import java.util.List;
import java.util.Optional;
import jmergekit.problem.Location;

/// What scores the candidates of a search.
public sealed interface EvaluatorConfig {
    /// Where the file sets it, or where it would.
    Location at();

    /// jmergekit runs the model in memory, on tasks with item files.
    record BuiltIn(Location at) implements EvaluatorConfig {}

    /// A command written by the user.
    ///
    /// @param command a shell command with placeholders such as `{model}`
    record Command(String command, Location at) implements EvaluatorConfig {}

    /// EleutherAI's lm-evaluation-harness, which knows tasks by name.
    ///
    /// @param program the program to start, such as `lm_eval` or `python -m lm_eval`
    /// @param backend its `--model`, such as `hf` or `vllm`
    /// @param modelArgs additional `--model_args`
    /// @param args additional arguments, passed through
    record LmEval(
            String program,
            Optional<String> backend,
            Optional<String> modelArgs,
            List<String> args,
            Location at)
            implements EvaluatorConfig {}

    /// A server with an OpenAI-compatible API, on tasks with item files.
    ///
    /// @param serve a shell command that serves a model until it is stopped, with placeholders such
    ///     as `{model}` and `{port}`
    /// @param url the URL of the API, such as `http://127.0.0.1:{port}/v1`
    /// @param health the path that responds once the server is ready
    /// @param startSeconds how long startup may take
    /// @param chat whether contexts are sent as chat messages rather than as text to complete
    /// @param model the model name in requests; without one, the first that the server lists
    /// @param maxTokens the maximum number of tokens in an answer
    /// @param stop stop sequences
    /// @param requests the number of concurrent requests
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
