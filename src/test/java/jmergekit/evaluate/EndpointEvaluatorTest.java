package jmergekit.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import jmergekit.Cancellation;
import jmergekit.config.EvaluatorConfig;
import jmergekit.evaluate.ChatServer.Reply;
import jmergekit.problem.Location;
import jmergekit.problem.MergeException;
import jmergekit.threads.AsyncValue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the commands are for a Unix shell")
class EndpointEvaluatorTest {
    private static final String SERVE = "echo serving {model}; touch {out}/started; exec sleep 300";
    private static final String TEXTS =
            """
            {"context": "1+1=", "continuation": "2"}
            {"context": "1+2=", "continuation": "3"}
            {"context": "2+2=", "continuation": "4"}
            {"context": "2+3=", "continuation": "5"}
            """;
    private static final String CHOICES =
            """
            {"context": "sky: ", "choices": ["green", "blue"], "answer": 1}
            {"context": "sun: ", "choices": ["yellow", "black"], "answer": 0}
            {"context": "sea: ", "choices": ["red", "blue"], "answer": 1}
            """;

    @TempDir private Path folder;
    private Trials trials;

    @BeforeEach
    void makeFolders() throws IOException {
        trials =
                new Trials(
                        Files.createDirectory(folder.resolve("a model")),
                        Files.createDirectory(folder.resolve("out")));
    }

    private ChatServer server(Function<JsonNode, Reply> answer) throws IOException {
        Path started = trials.out().resolve("started");
        return new ChatServer(() -> Files.exists(started), answer);
    }

    private Task task(String items, Optional<String> metric, Optional<String> extract)
            throws IOException {
        Path file = Files.writeString(folder.resolve("items.jsonl"), items);
        return new Task(
                "t", metric, Optional.of(file), Optional.of(file), Optional.empty(), extract);
    }

    private EndpointEvaluator evaluator(String serve, String url, boolean chat, Task task) {
        EvaluatorConfig.Endpoint config =
                new EvaluatorConfig.Endpoint(
                        serve,
                        url,
                        "/health",
                        5,
                        chat,
                        Optional.empty(),
                        16,
                        List.of("\n"),
                        3,
                        new Location("search.yml", 1, 1, 1, ""));
        EvaluatorSettings settings =
                new EvaluatorSettings(
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        false,
                        false,
                        1,
                        Optional.empty(),
                        List.of(),
                        false,
                        false,
                        false,
                        false,
                        1,
                        folder);
        return new EndpointEvaluator(config, List.of(task), settings);
    }

    private Score score(Function<JsonNode, Reply> answer, boolean chat, Task task)
            throws Exception {
        try (ChatServer server = server(answer)) {
            return evaluator(SERVE, server.url(), chat, task).evaluate(trials.search()).get("t");
        }
    }

    private static Reply sum(JsonNode request) {
        String prompt = request.path("prompt").stringValue();
        int sum = prompt.charAt(0) - '0' + prompt.charAt(2) - '0';
        return Reply.text(" " + (sum == 4 ? 5 : sum) + "\n");
    }

    @Test
    void exactMatchesAreCounted() throws Exception {
        try (ChatServer server = server(EndpointEvaluatorTest::sum)) {
            Task task = task(TEXTS, Optional.empty(), Optional.empty());
            Score score =
                    evaluator(SERVE, server.url(), false, task).evaluate(trials.search()).get("t");

            assertThat(score.items()).containsExactly(1, 1, 0, 1);
            assertThat(score.value()).isEqualTo(0.75);
            assertThat(score.standardError()).hasValue(0.25);
            assertThat(server.requests()).hasSize(4);
            assertThat(server.requests().getFirst().toString())
                    .startsWith(
                            "{\"model\":\"merged\",\"temperature\":0,\"max_tokens\":16,"
                                    + "\"stop\":[\"\\n\"],\"prompt\":\"");
        }
        assertThat(trials.out().resolve("server.log"))
                .hasContent("serving " + trials.model().toAbsolutePath());
    }

    @Test
    void answersCanBePickedOutOfChats() throws Exception {
        Function<JsonNode, Reply> answer =
                request -> {
                    String asked = request.path("messages").path(0).path("content").stringValue();
                    String content = asked.equals("1+1=") ? "\"It is: 2.\"" : "null";
                    return new Reply(
                            200, "{\"choices\": [{\"message\": {\"content\": " + content + "}}]}");
                };

        Score score =
                score(answer, true, task(TEXTS, Optional.of("regex"), Optional.of("is: (\\d)")));

        assertThat(score.items()).containsExactly(1, 0, 0, 0);
    }

    /// A token for each word; `blue` and `black` are likely.
    private static Reply likelihoods(JsonNode request) {
        if (!request.path("echo").asBoolean(false)) {
            return new Reply(400, "not expected");
        }
        String prompt = request.path("prompt").stringValue();
        StringBuilder list = new StringBuilder("[null");
        for (String word : prompt.strip().split(" ")) {
            list.append(word.startsWith("bl") ? ", -0.5" : ", -2.0");
        }
        return Reply.logprobs(list.append("]").toString());
    }

    @Test
    void choicesAreComparedByLikelihoodWhereTheServerHasIt() throws Exception {
        Score score =
                score(
                        EndpointEvaluatorTest::likelihoods,
                        false,
                        task(CHOICES, Optional.of("acc,none"), Optional.empty()));

        assertThat(score.items()).containsExactly(1, 0, 1);
    }

    @Test
    void likelihoodsAreOfTheContinuationAlone() throws Exception {
        Score score =
                score(
                        EndpointEvaluatorTest::likelihoods,
                        false,
                        task(CHOICES, Optional.of("log_likelihood"), Optional.empty()));

        assertThat(score.items()).containsExactly(-0.5, -2.0, -0.5);
        assertThat(score.value()).isCloseTo(-1, within(1e-12));
    }

    @Test
    void choicesAreAskedForWhereItHasNot() throws Exception {
        Function<JsonNode, Reply> answer =
                request ->
                        request.path("prompt").stringValue().startsWith("sun")
                                ? Reply.text("B) black")
                                : Reply.text("The colour is blue.");

        Score score = score(answer, false, task(CHOICES, Optional.empty(), Optional.empty()));

        assertThat(score.items()).containsExactly(1, 0, 1);
    }

    @Test
    void likelihoodsThatCannotBeHadAreRefused() throws Exception {
        Task task = task(CHOICES, Optional.of("log_likelihood"), Optional.empty());

        assertThatThrownBy(() -> score(_ -> Reply.text("x"), false, task))
                .isInstanceOf(EvaluationException.class)
                .hasMessageContaining("metric 'log_likelihood' cannot be had of this server")
                .hasMessageContaining("no token_logprobs");
        Files.delete(trials.out().resolve("started"));
        assertThatThrownBy(() -> score(_ -> Reply.text("x"), true, task))
                .hasMessageContaining("chat completions give no log-probabilities");
        Files.delete(trials.out().resolve("started"));
        assertThatThrownBy(() -> score(_ -> Reply.logprobs("[null, 0.5]"), false, task))
                .hasMessageContaining("no log-probabilities");
    }

    @Test
    void busyServersAreAskedAgainAndOthersNot() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        Function<JsonNode, Reply> busy =
                r -> calls.incrementAndGet() < 3 ? new Reply(503, "busy") : sum(r);
        Task task = task(TEXTS, Optional.empty(), Optional.empty());
        assertThat(score(busy, false, task).value()).isEqualTo(0.75);

        Files.delete(trials.out().resolve("started"));
        assertThatThrownBy(() -> score(_ -> new Reply(400, "too\nlong"), false, task))
                .isInstanceOf(EvaluationException.class)
                .hasMessageContaining("did not answer /completions: status 400: too?long")
                .hasMessageContaining("| serving");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{\"choices\": []}|has no text", "[[[|not valid JSON", "''|not valid JSON"})
    void answersThatAreNoneAreRefused(String body, String reason) throws IOException {
        Task task = task(TEXTS, Optional.empty(), Optional.empty());

        assertThatThrownBy(() -> score(_ -> new Reply(200, body), false, task))
                .isInstanceOf(EvaluationException.class)
                .hasMessageContaining(reason.equals("not valid JSON") ? "/completions" : reason);
    }

    @Test
    void serversThatEndOrNeverAnswerAreRefused() throws IOException {
        Task task = task(TEXTS, Optional.empty(), Optional.empty());
        String nowhere = "http://127.0.0.1:{port}/v1";

        assertThatThrownBy(() ->
                        evaluator("echo no memory {model} {port} >&2; exit 9", nowhere, false, task)
                                .evaluate(trials.search()))
                .isInstanceOf(EvaluationException.class)
                .hasMessageContaining("the server ended with status 9\n  | no memory");
        assertThatThrownBy(() ->
                        evaluator("exec sleep 300; {model} {port}", nowhere, false, task)
                                .evaluate(trials.search()))
                .hasMessageContaining("did not answer /health within 5 s");
    }

    @Test
    void anotherServerAtTheAddressIsNotAsked() throws Exception {
        Files.createFile(trials.out().resolve("started"));
        Task task = task(TEXTS, Optional.empty(), Optional.empty());

        assertThatThrownBy(() -> score(EndpointEvaluatorTest::sum, false, task))
                .hasMessageContaining("another server is at http://127.0.0.1:");
    }

    @Test
    void cancellationEndsRequestsUnderWay() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        Cancellation cancellation = new Cancellation();
        Task task = task(TEXTS, Optional.empty(), Optional.empty());
        Function<JsonNode, Reply> hang =
                _ -> {
                    asked.countDown();
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return Reply.text("");
                };
        try (ChatServer server = server(hang)) {
            EndpointEvaluator evaluator = evaluator(SERVE, server.url(), false, task);
            AsyncValue<String> failure =
                    AsyncValue.start(() -> failure(evaluator, trials.with(cancellation)));
            asked.await();
            cancellation.cancel();
            long start = System.nanoTime();

            assertThat(failure.get()).isEqualTo("cancelled");
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isLessThan(Duration.ofSeconds(3));
        }
    }

    private static String failure(Evaluator evaluator, Trial trial) {
        try {
            return evaluator.evaluate(trial).toString();
        } catch (EvaluationException e) {
            return e.getMessage();
        }
    }

    @Test
    void wrongSettingsAreRefusedAtOnce() throws IOException {
        Task task = task(TEXTS, Optional.of("exact_mach"), Optional.empty());
        String url = "http://127.0.0.1:{port}/v1";
        assertThatThrownBy(() -> evaluator("x {model} {port}", url, false, task))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("did you mean 'exact_match'?");
        assertThatThrownBy(() -> evaluator("x {model} {port}", "http://a/v1", false, task))
                .hasMessageContaining("'url' has none");
        assertThatThrownBy(() -> evaluator("x {model}", "localhost:8000", false, task))
                .hasMessageContaining("'url' is no address");
        Task acc = task(TEXTS, Optional.of("acc"), Optional.empty());
        assertThatThrownBy(() -> evaluator("x {model}", url, false, acc))
                .hasMessageContaining("metric 'acc' is not for its items");
        Task pattern = task(TEXTS, Optional.of("regex"), Optional.of("("));
        assertThatThrownBy(() -> evaluator("x {model}", url, false, pattern))
                .hasMessageContaining("'extract' is no regular expression");
    }

    @ParameterizedTest
    @CsvSource({
        "' Paris ', 1", "A, 0", "(b), 1", "'C. Rome', 2", "'Rome, I think', 2",
        "'It must be Paris.', 1", "'Paris or Rome?', 1", "Madrid, -1", "'A cat', -1", "D, -1"
    })
    void answersMeanChoices(String answer, int choice) {
        assertThat(EndpointMetric.chosen(answer, List.of("Berlin", "Paris", "Rome")))
                .isEqualTo(choice);
    }
}
