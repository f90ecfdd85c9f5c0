package jmergekit.evolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import jmergekit.evaluate.Score;
import jmergekit.evaluate.Split;
import jmergekit.problem.ExitCode;
import jmergekit.problem.MergeException;
import jmergekit.search.Point;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvaluationLogTest {
    @TempDir private Path folder;
    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("evaluations.jsonl");
    }

    private EvaluationLog open() {
        return EvaluationLog.open(
                file, "search/evaluations.jsonl", 7, new LogRules(3, List.of("a", "b")));
    }

    private static Evaluation candidate(long number, double value) {
        Map<String, Score> scores = new LinkedHashMap<>();
        scores.put("a", new Score(value, OptionalDouble.of(0.25), true, new double[0]));
        scores.put("b", new Score(3, OptionalDouble.empty(), false, new double[0]));
        return new Evaluation(
                number,
                Optional.empty(),
                Split.SEARCH,
                Optional.of(new Point(0.1, 1.0 / 3, -4)),
                Optional.of("sha256:ab"),
                OptionalDouble.of(value),
                scores,
                1.5,
                2.5,
                Optional.empty(),
                OptionalLong.empty());
    }

    private static Evaluation failed(long number) {
        return new Evaluation(
                number,
                Optional.of("org/model"),
                Split.HELD_OUT,
                Optional.empty(),
                Optional.empty(),
                OptionalDouble.empty(),
                Map.of(),
                0,
                0,
                Optional.of("it \"broke\"\nbadly"),
                OptionalLong.of(3));
    }

    @Test
    void aLineHasAllThatIsKnown() throws IOException {
        try (EvaluationLog log = open()) {
            log.add(candidate(4, -2.5));
        }

        assertThat(Files.readString(file))
                .isEqualTo(
                        """
                        {"number":4,"split":"search","vector":[0.1,0.3333333333333333,-4.0],\
                        "recipe":"sha256:ab","seed":7,"objective":-2.5,\
                        "scores":{"a":{"value":-2.5,"stderr":0.25,"higher_is_better":true},\
                        "b":{"value":3.0,"higher_is_better":false}},\
                        "merge_seconds":1.5,"evaluate_seconds":2.5}
                        """);
    }

    @Test
    void whatWasWrittenIsReadAgain() {
        try (EvaluationLog log = open()) {
            log.add(candidate(0, -2.5));
            log.add(failed(1));
        }
        try (EvaluationLog log = open()) {
            assertThat(log.all()).hasSize(2);
            assertThat(log.all().getFirst())
                    .usingRecursiveComparison()
                    .isEqualTo(candidate(0, -2.5));
            assertThat(log.all().getLast()).usingRecursiveComparison().isEqualTo(failed(1));
        }
    }

    @Test
    void ofHeldOutItemsEachIsKept() throws IOException {
        Evaluation evaluation =
                new Evaluation(
                        0,
                        Optional.of("one"),
                        Split.HELD_OUT,
                        Optional.empty(),
                        Optional.empty(),
                        OptionalDouble.of(1),
                        Map.of(
                                "a",
                                new Score(1, OptionalDouble.empty(), true, new double[] {0, 2})),
                        0,
                        0,
                        Optional.empty(),
                        OptionalLong.empty());
        try (EvaluationLog log = open()) {
            log.add(evaluation);
        }

        assertThat(Files.readString(file)).contains("\"items\":[0.0,2.0]");
        try (EvaluationLog log = open()) {
            assertThat(log.all().getFirst().scores().get("a").items()).containsExactly(0, 2);
        }
    }

    @Test
    void aLineThatAKilledProcessLeftIsWrittenAnew() throws IOException {
        try (EvaluationLog log = open()) {
            log.add(candidate(0, -2.5));
            log.add(candidate(1, -3));
        }
        String whole = Files.readString(file);
        for (int cut = 1; cut < whole.length() / 2; cut += 7) {
            Files.writeString(file, whole.substring(0, whole.length() - cut));
            try (EvaluationLog log = open()) {
                assertThat(log.all()).hasSize(1);
                log.add(candidate(1, -3));
            }
            assertThat(Files.readString(file)).isEqualTo(whole);
        }
    }

    @Test
    void whatIsTriedAgainReplacesWhatFailed() {
        try (EvaluationLog log = open()) {
            log.add(candidate(0, -2.5));
            log.add(candidate(0, -1));
        }
        try (EvaluationLog log = open()) {
            assertThat(log.all())
                    .singleElement()
                    .satisfies(e -> assertThat(e.objective()).hasValue(-1));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "not JSON",
                "[1]",
                "{\"number\":-1,\"split\":\"search\",\"merge_seconds\":0,\"evaluate_seconds\":0}",
                "{\"number\":1,\"split\":\"other\",\"merge_seconds\":0,\"evaluate_seconds\":0}",
                "{\"number\":1,\"split\":\"search\",\"vector\":[\"x\"],\"merge_seconds\":0,"
                        + "\"evaluate_seconds\":0}",
                "{\"number\":1,\"split\":\"search\",\"vector\":[1],\"failure\":\"x\","
                        + "\"merge_seconds\":0,\"evaluate_seconds\":0}",
                "{\"number\":1,\"split\":\"search\",\"vector\":[1,2,3],\"objective\":1,"
                        + "\"scores\":{\"a\":{\"value\":1}},\"merge_seconds\":0,"
                        + "\"evaluate_seconds\":0}",
                "{\"number\":1,\"split\":\"search\",\"vector\":[1,2,3],\"merge_seconds\":0,"
                        + "\"evaluate_seconds\":0}",
                "{\"number\":1,\"split\":\"search\",\"scores\":{\"a\":3},\"merge_seconds\":0,"
                        + "\"evaluate_seconds\":0}",
                ""
            })
    void aDamagedLineIsNamed(String line) throws IOException {
        try (EvaluationLog log = open()) {
            log.add(candidate(0, -2.5));
        }
        Files.writeString(file, Files.readString(file) + line + "\n");

        assertThatThrownBy(this::open)
                .isInstanceOfSatisfying(
                        MergeException.class,
                        e -> assertThat(e.exitCode()).isEqualTo(ExitCode.INPUT))
                .hasMessageContaining("search/evaluations.jsonl:2");
    }
}
