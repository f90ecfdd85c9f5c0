package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import jmergekit.fixture.ReferenceOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// Every option that the reference's commands have is one here, in both forms where it has two.
class OptionNamesTest {
    private static final Map<String, SortedSet<String>> REFERENCE = ReferenceOptions.byCommand();

    /// Those that there are.
    static List<String> commands() {
        return REFERENCE.keySet().stream().filter(Commands.all()::containsKey).toList();
    }

    /// The options and arguments of one.
    static CommandSpec spec(String command) {
        PrintWriter nowhere = new PrintWriter(new StringWriter());
        Console console = new Console(Path.of("nowhere"), Map.of(), nowhere, nowhere);
        return new CommandLine(Commands.all().get(command).apply(console)).getCommandSpec();
    }

    @Test
    void everyCommandOfTheReferenceIsThere() {
        assertThat(REFERENCE).hasSize(9);
        assertThat(commands()).containsExactlyElementsOf(REFERENCE.keySet());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void optionsOfTheReferenceAreKnown(String command) {
        SortedSet<String> known = new TreeSet<>(spec(command).optionsMap().keySet());
        known.addAll(spec(command).negatedOptionsMap().keySet());

        assertThat(REFERENCE.get(command)).hasSizeGreaterThan(20);
        assertThat(known).containsAll(REFERENCE.get(command));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyFlagCanBeSwitchedOff(String command) {
        List<String> off =
                spec(command).negatedOptionsMap().keySet().stream()
                        .filter(n -> n.startsWith("--no-"))
                        .toList();

        assertThat(off)
                .hasSizeGreaterThan(3)
                .containsAll(
                        Stream.of("--no-quiet", "--no-cuda", "--no-copy-tokenizer")
                                .filter(REFERENCE.get(command)::contains)
                                .toList());
        List<String> args = new ArrayList<>(off);
        args.addAll(required(spec(command)));
        CommandLine commandLine = new CommandLine(spec(command));
        assertThat(commandLine.parseArgs(args.toArray(String[]::new)).errors()).isEmpty();
    }

    /// Values for whatever cannot be left out.
    static List<String> required(CommandSpec spec) {
        List<String> args = new ArrayList<>();
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            boolean many = parameter.arity().isVariable();
            int count = many ? parameter.arity().min() : parameter.arity().max();
            args.addAll(List.of("a", "b", "c", "d").subList(0, count));
        }
        for (OptionSpec option : spec.options()) {
            if (option.required()) {
                args.addAll(List.of(option.longestName(), "1"));
            }
        }
        return args;
    }
}
