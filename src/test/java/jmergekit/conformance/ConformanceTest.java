package jmergekit.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Runs the part of the conformance corpus that is kept with the sources.
class ConformanceTest {
    private static final Path CORPUS = Path.of("src", "test", "resources", "corpus");

    @TempDir private Path outputs;

    @TestFactory
    Stream<DynamicContainer> everyCaseGivesWhatIsExpected() throws IOException {
        Judge judge = new Judge(CaseLists.load(), false);
        SortedMap<String, List<ConformanceCase>> families =
                ConformanceCase.all(CORPUS).stream()
                        .collect(
                                Collectors.groupingBy(
                                        ConformanceCase::family,
                                        TreeMap::new,
                                        Collectors.toList()));
        return families.entrySet().stream()
                .map(family ->
                        DynamicContainer.dynamicContainer(
                                family.getKey(),
                                family.getValue().stream().map(theCase -> test(theCase, judge))));
    }

    private DynamicTest test(ConformanceCase theCase, Judge judge) {
        return DynamicTest.dynamicTest(
                theCase.name(),
                () -> {
                    Tool tool = new Tool(outputs);
                    Outcome outcome = judge.judge(theCase, tool.run(theCase));
                    tool.forget(theCase);
                    switch (outcome.verdict()) {
                        case LATER -> Assumptions.abort(outcome.reasons().getFirst());
                        case FAILED, NOT_RUN ->
                                assertThat(outcome.reasons()).as(theCase.id()).isEmpty();
                        case PASSED -> {}
                    }
                });
    }

    @Test
    void theChecksNoticeEverySmallDamage() throws IOException {
        SelfCheck check = new SelfCheck(CaseLists.load(), outputs);
        for (ConformanceCase theCase : ConformanceCase.all(CORPUS)) {
            assertThat(check.run(theCase).reasons()).as(theCase.id()).isEmpty();
        }
    }

    @Test
    void theSubsetListNamesWhatIsThere() throws IOException {
        List<String> ids = ConformanceCase.all(CORPUS).stream().map(ConformanceCase::id).toList();
        List<String> lines;
        try (Stream<String> list =
                Files.lines(Path.of("src", "test", "resources", "conformance", "subset.txt"))) {
            lines = list.filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
        }

        assertThat(lines)
                .allSatisfy(line ->
                        assertThat(ids)
                                .anyMatch(id ->
                                        line.endsWith("/*")
                                                ? id.startsWith(
                                                        line.substring(0, line.length() - 1))
                                                : id.equals(line)));
        assertThat(ids)
                .allMatch(id ->
                        lines.contains(id)
                                || lines.contains(id.substring(0, id.indexOf('/')) + "/*"));
    }
}
