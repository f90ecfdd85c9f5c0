package jmergekit.evaluate;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import jmergekit.config.EvaluatorConfig;
import jmergekit.evaluate.ServerClient.Answer;
import jmergekit.weights.JsonTree;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A model on a server.
final class ServerModel {
    private static final String PROBE = "One two three.";
    private static final String COMPLETIONS = "/completions";
    private static final String NO_LOG_PROBABILITIES =
            "completions with echo and logprobs have no token_logprobs";

    private final ServerClient client;
    private final EvaluatorConfig.Endpoint config;
    private final String name;

    /// Asks the server for the model's name if the file does not have it.
    ServerModel(ServerClient client, EvaluatorConfig.Endpoint config)
            throws EvaluationException, InterruptedException {
        this.client = client;
        this.config = config;
        this.name = config.model().isPresent() ? config.model().get() : first(client);
    }

    private static String first(ServerClient client)
            throws EvaluationException, InterruptedException {
        JsonNode id = client.get("/models").path("data").path(0).path("id");
        if (!id.isString()) {
            throw new EvaluationException("the server lists no model, and 'model' is not given");
        }
        return id.stringValue();
    }

    /// Greedily generated text after a context.
    String answer(String context) throws EvaluationException, InterruptedException {
        ObjectNode body = body(config.maxTokens());
        if (!config.stop().isEmpty()) {
            config.stop().forEach(body.putArray("stop")::add);
        }
        if (config.chat()) {
            body.putArray("messages").addObject().put("role", "user").put("content", context);
        } else {
            body.put("prompt", context);
        }
        String path = config.chat() ? "/chat/completions" : COMPLETIONS;
        JsonNode choice = client.post(path, body).path("choices").path(0);
        JsonNode text =
                config.chat() ? choice.path("message").path("content") : choice.path("text");
        // A chat model that generates nothing has null here.
        if (!text.isString() && !(config.chat() && text.isNull())) {
            throw new EvaluationException("the server's answer has no text");
        }
        return text.isString() ? text.stringValue() : "";
    }

    private ObjectNode body(int maxTokens) {
        return JsonTree.MAPPER
                .createObjectNode()
                .put("model", name)
                .put("temperature", 0)
                .put("max_tokens", maxTokens);
    }

    /// Why the server does not return log-probabilities of a prompt; empty if it does.
    ///
    /// @throws EvaluationException if this is unknown, for example because the server fails
    Optional<String> withoutLikelihood() throws EvaluationException, InterruptedException {
        if (config.chat()) {
            return Optional.of("chat completions do not return log-probabilities of the prompt");
        }
        return switch (client.answer(COMPLETIONS, echoed(PROBE))) {
            case Answer.Refused(String reason) -> Optional.of(reason);
            case Answer.Given(JsonNode json) when !hasLogProbabilities(json) ->
                    Optional.of(NO_LOG_PROBABILITIES);
            case Answer.Given(JsonNode json) -> {
                logProbabilities(json);
                yield Optional.empty();
            }
        };
    }

    /// The sum of the log-probabilities (natural logarithm) of a continuation's tokens.
    ///
    /// @param contextTokens from [#tokens] of the context
    double logLikelihood(String context, int contextTokens, String continuation)
            throws EvaluationException, InterruptedException {
        List<OptionalDouble> all = echo(context + continuation);
        if (all.size() <= contextTokens) {
            throw new EvaluationException("the continuation has no tokens of its own");
        }
        double sum = 0;
        for (OptionalDouble each : all.subList(contextTokens, all.size())) {
            sum += each.orElse(0);
        }
        return sum;
    }

    /// The number of tokens of a text.
    int tokens(String text) throws EvaluationException, InterruptedException {
        return text.isEmpty() ? 0 : echo(text).size();
    }

    /// The log-probability of each token; it may be unknown for the first one.
    private List<OptionalDouble> echo(String text)
            throws EvaluationException, InterruptedException {
        return logProbabilities(client.post(COMPLETIONS, echoed(text)));
    }

    private ObjectNode echoed(String text) {
        return body(0).put("prompt", text).put("echo", true).put("logprobs", 1);
    }

    private static JsonNode values(JsonNode answer) {
        return answer.path("choices").path(0).path("logprobs").path("token_logprobs");
    }

    private static boolean hasLogProbabilities(JsonNode answer) {
        return values(answer).isArray() && !values(answer).isEmpty();
    }

    private static List<OptionalDouble> logProbabilities(JsonNode answer)
            throws EvaluationException {
        if (!hasLogProbabilities(answer)) {
            throw new EvaluationException(NO_LOG_PROBABILITIES);
        }
        List<OptionalDouble> all =
                values(answer)
                        .valueStream()
                        .map(v ->
                                v.isNumber() && v.doubleValue() <= 0
                                        ? OptionalDouble.of(v.doubleValue())
                                        : OptionalDouble.empty())
                        .toList();
        if (all.stream().skip(1).anyMatch(v -> v.isEmpty() || !Double.isFinite(v.getAsDouble()))) {
            throw new EvaluationException(
                    "completions with echo and logprobs have values that are not log-probabilities");
        }
        return all;
    }
}
