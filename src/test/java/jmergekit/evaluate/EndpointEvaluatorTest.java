package jmergekit.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
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

    private static final ApiKey KEY = new ApiKey("sk-of-nobody");

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
        Path heldOut = Files.writeString(folder.resolve("held-out.jsonl"), items);
        return new Task(
                "t",
                metric,
                Optional.of(file),
                Optional.of(heldOut),
                Optional.empty(),
                extract.map(Extraction::of));
    }

    private EndpointEvaluator evaluator(String serve, String url, boolean chat, Task task) {
        return evaluator(serve, url, chat, 1, task);
    }

    private EndpointEvaluator evaluator(
            String serve, String url, boolean chat, int slots, Task... tasks) {
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
        return new EndpointEvaluator(
                config, List.of(tasks), Trials.settings(folder, slots, Optional.of(KEY)));
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
                .hasMessageContaining("this server does not support the metric 'log_likelihood'")
                .hasMessageContaining("no token_logprobs");
        Files.delete(trials.out().resolve("started"));
        assertThatThrownBy(() -> score(_ -> Reply.text("x"), true, task))
                .hasMessageContaining("chat completions do not return log-probabilities");
        Files.delete(trials.out().resolve("started"));
        assertThatThrownBy(() -> score(_ -> Reply.logprobs("[null, 0.5]"), false, task))
                .hasMessageContaining("not log-probabilities");
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
                .hasMessageContaining("another server is already running at http://127.0.0.1:");
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

            assertThat(failure.get()).isEqualTo("the evaluation was cancelled");
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
        String serve = "x {model} {port}";
        String url = "http://127.0.0.1:{port}/v1";
        Task misspelt = task(TEXTS, Optional.of("exact_mach"), Optional.empty());
        Task acc = task(TEXTS, Optional.of("acc"), Optional.empty());
        assertThatThrownBy(() -> evaluator(serve, "localhost:{port}", false, 1, misspelt, acc))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("'url' is not a server address")
                .hasMessageContaining("did you mean 'exact_match'?")
                .hasMessageContaining("metric 'acc' does not apply to its items");
        Task regex = task(TEXTS, Optional.of("regex"), Optional.empty());
        assertThatThrownBy(() -> evaluator(serve, url, false, regex))
                .hasMessageContaining("metric 'regex' without an 'extract' pattern");
        Task likely = task(TEXTS, Optional.of("log_likelihood"), Optional.of("x"));
        assertThatThrownBy(() -> evaluator(serve, url, false, likely))
                .hasMessageContaining("there is no answer to extract");
    }

    @Test
    void heldOutItemsOfAnotherKindAreRefused() throws IOException {
        Task task = task(TEXTS, Optional.empty(), Optional.empty());
        Path choices = Files.writeString(folder.resolve("choices.jsonl"), CHOICES);
        Task mixed =
                new Task(
                        "t",
                        Optional.empty(),
                        task.items(),
                        Optional.of(choices),
                        Optional.empty(),
                        Optional.empty());

        assertThatThrownBy(() -> evaluator("x {model}", "http://h/v1", false, mixed))
                .hasMessage("t: the held-out items have another type");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "x {model} {port}|http://a/v1|1|'serve' has a {port}, but 'url' has none",
                "x {model}|http://a:{port}/v1|1|'url' has a {port}, but 'serve' has none",
                "x {model}|http://a:8000/v1|2|several servers would have the same address at the same time",
                "x {model}|http://a:65536/v1|1|'url' is not a server address",
                "x {model}|http://a/v1?x|1|'url' is not a server address"
            })
    void addressesThatNoServerCanHaveAreRefused(
            String serve, String url, int slots, String expected) throws IOException {
        Task task = task(TEXTS, Optional.empty(), Optional.empty());

        assertThatThrownBy(() -> evaluator(serve, url, false, slots, task))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining(expected);
    }

    @Test
    void onePortIsOneServersAtATime() throws Exception {
        Iterator<Integer> given = List.of(5, 5, 6, 5).iterator();
        FreePorts ports = new FreePorts(given::next);

        assertThat(ports.take()).isEqualTo(5);
        assertThat(ports.take()).isEqualTo(6);
        ports.giveBack(5);
        assertThat(ports.take()).isEqualTo(5);
    }

    @Test
    void theFirstServerThatSaysSettlesHowChoicesAreAsked() throws Exception {
        AtomicBoolean broken = new AtomicBoolean();
        Function<JsonNode, Reply> answer =
                request -> broken.get() ? new Reply(400, "no echo") : likelihoods(request);
        try (ChatServer server = server(answer)) {
            EndpointEvaluator evaluator =
                    evaluator(
                            SERVE,
                            server.url(),
                            false,
                            task(CHOICES, Optional.empty(), Optional.empty()));
            assertThat(evaluator.evaluate(trials.search()).get("t").items())
                    .containsExactly(1, 0, 1);
            broken.set(true);
            Files.delete(trials.out().resolve("started"));

            assertThatThrownBy(() -> evaluator.evaluate(trials.search()))
                    .isInstanceOf(EvaluationException.class)
                    .hasMessageContaining("status 400: no echo");
            assertThat(server.requests()).allMatch(r -> r.path("echo").asBoolean(false));
        }
    }

    @Test
    void aServerThatFailsSettlesNothing() throws Exception {
        AtomicBoolean broken = new AtomicBoolean(true);
        Function<JsonNode, Reply> answer =
                request ->
                        broken.get()
                                ? Reply.logprobs("[null, 0.5]")
                                : request.path("echo").asBoolean(false)
                                        ? new Reply(400, "no echo")
                                        : Reply.text("blue");
        try (ChatServer server = server(answer)) {
            EndpointEvaluator evaluator =
                    evaluator(
                            SERVE,
                            server.url(),
                            false,
                            task(CHOICES, Optional.empty(), Optional.empty()));
            assertThatThrownBy(() -> evaluator.evaluate(trials.search()))
                    .hasMessageContaining("not log-probabilities");
            broken.set(false);
            Files.delete(trials.out().resolve("started"));

            assertThat(evaluator.evaluate(trials.search()).get("t").items())
                    .containsExactly(1, 0, 1);
        }
    }

    @Test
    void aHealthCheckThatNeverEndsDoesNotHoldUpTheTimeout() throws Exception {
        try (SilentServer server = new SilentServer()) {
            Task task = task(TEXTS, Optional.empty(), Optional.empty());
            EndpointEvaluator evaluator = evaluator(SERVE, server.url(), false, task);
            AsyncValue<String> failure =
                    AsyncValue.start(
                            () -> failure(evaluator, trials.within(Duration.ofMillis(500))));

            assertThat(failure.get()).startsWith("the evaluation took more than 0.5 s");
            assertThat(server.asked()).isTrue();
        }
    }

    @Test
    void theKeyGoesToTheServerAndIntoNoMessage() throws Exception {
        try (ChatServer server = server(_ -> new Reply(401, "wrong key sk-of-nobody"))) {
            Task task = task(TEXTS, Optional.empty(), Optional.empty());

            assertThatThrownBy(() ->
                            evaluator(SERVE, server.url(), false, task).evaluate(trials.search()))
                    .hasMessageContaining("status 401: wrong key (hidden)")
                    .hasMessageNotContaining("nobody");
            assertThat(server.authorizations()).containsOnly("Bearer sk-of-nobody");
        }
        assertThat(KEY).hasToString("(hidden)");
        assertThat(ApiKey.of(Map.of("OPENAI_API_KEY", " \n"))).isEmpty();
        assertThatThrownBy(new ApiKey("a\nb")::check)
                .isInstanceOf(MergeException.class)
                .hasMessageStartingWith("OPENAI_API_KEY: ")
                .hasMessageNotContaining("a\nb");
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
