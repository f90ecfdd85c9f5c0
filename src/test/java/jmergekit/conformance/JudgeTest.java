package jmergekit.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jmergekit.conformance.Outcome.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JudgeTest {
    private static final String ERROR =
            "{\"expect_error\": true, \"error_must_name\": [\"t\", \"two|2\"]}";
    private static final String VALUES = "{\"compare\": {\"files_present\": [\"a\"]}}";

    @TempDir private Path folder;

    private Outcome judged(String family, String definition, int status, String messages)
            throws IOException {
        return judged(family, definition, status, messages, false, List.of());
    }

    private Outcome judged(
            String family,
            String definition,
            int status,
            String messages,
            boolean strict,
            List<String> leftovers)
            throws IOException {
        CaseLists lists = new CaseLists("later/.*\tmagic\n", "own/x\trefused\tno such writer\n");
        Path output = folder.resolve("out");
        return new Judge(lists, strict)
                .judge(
                        new ConformanceCase(family, "x", folder, Json.parse(definition)),
                        new ToolRun(status, messages, output, output, leftovers));
    }

    private void outputExists() throws IOException {
        Files.createFile(Files.createDirectories(folder.resolve("out")).resolve("a"));
    }

    @Test
    void aRefusalMustNameItsReason() throws IOException {
        assertThat(judged("f", ERROR, 2, "'t' is missing; give two").verdict())
                .isEqualTo(Verdict.PASSED);
        assertThat(judged("f", ERROR, 3, "t: 2").verdict()).isEqualTo(Verdict.PASSED);
        assertThat(judged("f", ERROR, 2, "nothing, two").reasons())
                .containsExactly("the messages do not name 't': nothing, two");
        assertThat(judged("f", ERROR, 2, "t: three").verdict()).isEqualTo(Verdict.FAILED);
        assertThat(judged("f", ERROR, 2, " ").verdict()).isEqualTo(Verdict.FAILED);
    }

    @Test
    void aRefusalIsNeitherASuccessNorACrash() throws IOException {
        assertThat(judged("f", ERROR, 0, "t two").verdict()).isEqualTo(Verdict.FAILED);
        assertThat(judged("f", ERROR, 1, "t two").verdict()).isEqualTo(Verdict.FAILED);
        assertThat(judged("f", ERROR, 2, "t two\n\tat java.lang.Thread.run(Thread.java)").verdict())
                .isEqualTo(Verdict.FAILED);
    }

    @Test
    void aRefusalLeavesNothingBehind() throws IOException {
        assertThat(judged("f", ERROR, 2, "t two", false, List.of("out.tmp")).verdict())
                .isEqualTo(Verdict.FAILED);

        outputExists();
        assertThat(judged("f", ERROR, 2, "t two").reasons())
                .containsExactly("left an output folder behind");
    }

    @Test
    void aSuccessHasStatusZeroAndTheExpectedOutput() throws IOException {
        assertThat(judged("f", VALUES, 0, "").reasons()).containsExactly("a: missing");

        outputExists();
        assertThat(judged("f", VALUES, 0, "").verdict()).isEqualTo(Verdict.PASSED);
        assertThat(judged("f", VALUES, 3, "no").verdict()).isEqualTo(Verdict.FAILED);
        assertThat(judged("f", VALUES, 0, "x\n\tat a.B.c(B.java:1)").verdict())
                .isEqualTo(Verdict.FAILED);
        assertThat(judged("f", VALUES, 0, "", false, List.of("out.tmp")).verdict())
                .isEqualTo(Verdict.FAILED);
    }

    @Test
    void whatIsForLaterMustBeRefusedUntilItPasses() throws IOException {
        assertThat(judged("later", VALUES, 2, "magic is not built").verdict())
                .isEqualTo(Verdict.LATER);
        assertThat(judged("later", VALUES, 1, "oops").verdict()).isEqualTo(Verdict.FAILED);
        assertThat(judged("later", VALUES, 4, "disk").verdict()).isEqualTo(Verdict.FAILED);
        assertThat(judged("later", VALUES, 0, "").verdict()).isEqualTo(Verdict.FAILED);

        outputExists();
        assertThat(judged("later", VALUES, 0, "").reasons())
                .containsExactly("passes already: remove it from later.tsv (magic)");
    }

    @Test
    void anErrorForLaterMayPassAlreadyUnlessTheListIsToBeStrict() throws IOException {
        assertThat(judged("later", ERROR, 2, "t two").verdict()).isEqualTo(Verdict.LATER);
        assertThat(judged("later", ERROR, 2, "magic").verdict()).isEqualTo(Verdict.LATER);
        assertThat(judged("later", ERROR, 2, "t two", true, List.of()).verdict())
                .isEqualTo(Verdict.FAILED);
    }

    @Test
    void aDivergenceMayBeToRefuse() throws IOException {
        assertThat(judged("own", VALUES, 2, "no such writer").verdict()).isEqualTo(Verdict.PASSED);
        assertThat(judged("own", VALUES, 0, "").verdict()).isEqualTo(Verdict.FAILED);
    }

    @Test
    void anAdvisoryCasePassesAndSaysHowItWent() throws IOException {
        Outcome outcome = judged("f", "{\"expect_error\": true, \"advisory\": true}", 0, "");

        assertThat(outcome.verdict()).isEqualTo(Verdict.PASSED);
        assertThat(outcome.reasons()).contains("advisory: differs");
    }

    @Test
    void listsOfAnotherFormAreRefused() {
        assertThatThrownBy(() -> new CaseLists("only one field\n", ""))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(new CaseLists("# comment\n\na\tb\n", "").unused(List.of()))
                .containsExactly("later.tsv: a");
    }

    @Test
    void extraTensorsAreAllowedOnlyByName() throws IOException {
        CaseLists lists = new CaseLists("", "f/x\textra-tensors:norm\\.\\d\tkept\n");
        ConformanceCase theCase =
                new ConformanceCase(
                        "f",
                        "x",
                        folder,
                        Json.parse("{\"compare\": {\"tensors\": {\"mode\": \"exact\"}}}"));
        StoredTensor one = StoredTensor.of("F32", List.of(1), 1);
        Checkpoint.write(
                folder.resolve("expected/model.safetensors"), new TreeMap<>(Map.of("w", one)));
        Checkpoint.write(
                folder.resolve("out/model.safetensors"),
                new TreeMap<>(Map.of("w", one, "norm.1", one, "bias", one)));

        assertThat(Allowance.of("mismatch:0.5:norm\\..*").mismatchFraction()).isEqualTo(0.5);
        assertThatThrownBy(() -> Allowance.of("smell")).hasMessageContaining("'smell'");
        assertThat(
                        new OutputCheck(
                                        theCase,
                                        folder.resolve("out"),
                                        folder.resolve("out"),
                                        lists.allowance(theCase))
                                .differences())
                .containsExactly("bias: not expected");
    }
}
