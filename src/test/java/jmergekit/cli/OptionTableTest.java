package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jmergekit.docs.Page;
import jmergekit.fixture.Cli;
import jmergekit.fixture.ReferenceOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine.Model.OptionSpec;

/// The table of mergekit's options says of each what becomes of it here.
class OptionTableTest {
    private static final Path PAGE = Path.of("docs/reference/cli.md");
    private static final String SECTION = "Options of mergekit's commands";
    private static final Pattern STATE =
            Pattern.compile("accepted(?:: .+)?|does nothing: .+|refused: .+");

    @TempDir private Path folder;

    private static final Map<String, SortedSet<String>> REFERENCE = options();

    /// What the table says of one option of one command.
    record Said(String command, String option, String state) {}

    // The search for parameters has no line in it.
    private static SortedMap<String, SortedSet<String>> options() {
        SortedMap<String, SortedSet<String>> options = ReferenceOptions.byCommand();
        options.remove("evolve");
        return options;
    }

    static List<Said> said() throws IOException {
        List<Said> said = new ArrayList<>();
        for (List<String> row : Page.read(PAGE).section(SECTION).rows()) {
            List<String> commands =
                    row.get(1).equals("all")
                            ? List.copyOf(REFERENCE.keySet())
                            : Page.code(row.get(1));
            for (String command : commands) {
                Page.code(row.get(0)).stream()
                        .flatMap(OptionTableTest::forms)
                        .forEach(option -> said.add(new Said(command, option, row.get(2))));
            }
        }
        return said;
    }

    private static Stream<String> forms(String name) {
        return name.contains("[no-]")
                ? Stream.of(name.replace("[no-]", ""), name.replace("[no-]", "no-"))
                : Stream.of(name);
    }

    static List<Said> refused() throws IOException {
        return said().stream().filter(s -> s.state().startsWith("refused")).toList();
    }

    @Test
    void everyOptionOfEveryCommandIsInTheTableOnce() throws IOException {
        SortedMap<String, SortedSet<String>> listed = new TreeMap<>();
        for (Said said : said()) {
            assertThat(
                            listed.computeIfAbsent(said.command(), _ -> new TreeSet<>())
                                    .add(said.option()))
                    .as("%s once", said)
                    .isTrue();
        }

        assertThat(listed).isEqualTo(REFERENCE);
    }

    @Test
    void itIsAcceptedOrRefusedOrDoesNothingForAReason() throws IOException {
        assertThat(said()).allMatch(s -> STATE.matcher(s.state()).matches());
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatIsCalledRefusedIs(Said said) {
        List<String> args = new ArrayList<>(List.of(said.command(), said.option()));
        args.addAll(OptionNamesTest.required(OptionNamesTest.spec(said.command())));

        Cli.Result result = Cli.run(folder, args.toArray(String[]::new));

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("error: " + said.option() + ": ");
    }

    @ParameterizedTest
    @MethodSource("commandsThatAreThere")
    void helpSaysTheSame(String command) throws IOException {
        Map<String, OptionSpec> options = OptionNamesTest.spec(command).optionsMap();
        List<Said> different = new ArrayList<>();
        for (Said said : said()) {
            // Forms with `no-` have no text of their own.
            if (said.command().equals(command) && options.containsKey(said.option())) {
                String told = told(options.get(said.option()));
                // What other commands use, an extraction may have no use for.
                boolean sound =
                        said.state().startsWith(told)
                                || command.equals("extract-lora") && told.equals("accepted");
                if (!sound) {
                    different.add(said);
                }
            }
        }

        assertThat(different).isEmpty();
    }

    static List<String> commandsThatAreThere() {
        return OptionNamesTest.commands();
    }

    private static String told(OptionSpec option) {
        String text = String.join(" ", option.description());
        if (text.startsWith("Accepted for compatibility; does nothing")) {
            return "does nothing";
        }
        return text.startsWith("Refused") ? "refused" : "accepted";
    }
}
