package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import jmergekit.docs.Page;
import jmergekit.fixture.ReferenceOptions;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.OptionSpec;

/// The table of the options of mergekit's search says of each what becomes of it here.
final class EvolveOptionTableTest {
    private static final Path PAGE = Path.of("docs/how-to/evolve.md");
    private static final String SECTION = "Run your file for mergekit";

    private static List<List<String>> rows() throws IOException {
        return Page.read(PAGE).section(SECTION).rows();
    }

    private static Stream<String> names(List<String> row) {
        return Page.code(row.getFirst()).stream()
                .flatMap(name ->
                        name.contains("[no-]")
                                ? Stream.of(name.replace("[no-]", ""), name.replace("[no-]", "no-"))
                                : Stream.of(name));
    }

    @Test
    void everyOptionIsInTheTableOnce() throws IOException {
        assertThat(rows().stream().flatMap(EvolveOptionTableTest::names))
                .containsExactlyInAnyOrderElementsOf(ReferenceOptions.byCommand().get("evolve"));
    }

    @Test
    void helpSaysTheSame() throws IOException {
        Map<String, OptionSpec> options = OptionNamesTest.spec("evolve").optionsMap();
        List<String> different = new ArrayList<>();
        for (List<String> row : rows()) {
            String said = row.get(1);
            assertThat(said).matches("(used|passed to the evaluator|nothing to do)([:;,. ].*)?");
            // Forms with `no-` have no text of their own.
            names(row)
                    .filter(options::containsKey)
                    .filter(name -> !said.startsWith(state(options.get(name))))
                    .forEach(different::add);
        }

        assertThat(different).isEmpty();
    }

    private static String state(OptionSpec option) {
        String text = String.join(" ", option.description());
        if (text.startsWith("Accepted for compatibility; does nothing")) {
            return "nothing to do";
        }
        boolean isPassed = text.startsWith("Passed to ") || text.contains("lm-evaluation-harness");
        return isPassed ? "passed to the evaluator" : "used";
    }
}
