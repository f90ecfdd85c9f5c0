package jmergekit.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import jmergekit.conformance.Outcome.Verdict;
import jmergekit.fixture.RequiresGpu;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Runs the merge methods' part of the conformance corpus on a GPU.
@RequiresGpu
class GpuConformanceTest {
    private static final Path CORPUS = Path.of("src", "test", "resources", "corpus");

    @TempDir private Path outputs;

    @TestFactory
    Stream<DynamicTest> everyMethodGivesWhatIsExpected() throws IOException {
        Judge judge = new Judge(CaseLists.load(), false);
        return ConformanceCase.all(CORPUS).stream()
                .filter(c -> c.family().equals("methods"))
                .map(c -> DynamicTest.dynamicTest(c.name(), () -> check(c, judge)));
    }

    private void check(ConformanceCase theCase, Judge judge) throws IOException {
        Tool tool = new Tool(outputs, List.of("--device", "cuda"));
        Outcome outcome = judge.judge(theCase, tool.run(theCase));
        tool.forget(theCase);

        assertThat(outcome.reasons()).as(theCase.id()).isEmpty();
        assertThat(outcome.verdict()).isEqualTo(Verdict.PASSED);
    }
}
