package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/// Every option that the reference's commands have is one here, in both forms where it has two.
class OptionNamesTest {
    private static final Map<String, Object> COMMANDS =
            Map.of(
                    "mergekit-yaml", new YamlCommand(console()),
                    "mergekit-moe", new MoeCommand(console()),
                    "mergekit-multi", new MultiCommand(console()),
                    "mergekit-extract-lora", new ExtractCommand(console()),
                    "mergekit-layershuffle", new LayerShuffleCommand(console()),
                    "mergekit-legacy", new LegacyCommand(console()));

    private static Console console() {
        PrintWriter nowhere = new PrintWriter(new StringWriter());
        return new Console(Path.of("nowhere"), Map.of(), nowhere, nowhere);
    }

    static Stream<String> commands() {
        return COMMANDS.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void optionsOfTheReferenceAreKnown(String command) throws IOException {
        CommandLine commandLine = new CommandLine(COMMANDS.get(command));
        List<String> known = new ArrayList<>();
        known.addAll(commandLine.getCommandSpec().optionsMap().keySet());
        known.addAll(commandLine.getCommandSpec().negatedOptionsMap().keySet());

        assertThat(reference().get(command)).isNotEmpty();
        assertThat(known).containsAll(reference().get(command));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyFlagCanBeSwitchedOff(String command) {
        CommandLine commandLine = new CommandLine(COMMANDS.get(command));

        List<String> off =
                commandLine.getCommandSpec().negatedOptionsMap().keySet().stream()
                        .filter(n -> n.startsWith("--no-"))
                        .toList();

        assertThat(off).contains("--no-quiet", "--no-cuda", "--no-copy-tokenizer");
        List<String> args = new ArrayList<>(off);
        if (!List.of("mergekit-layershuffle", "mergekit-legacy").contains(command)) {
            args.add("a");
        }
        if (!command.equals("mergekit-multi")) {
            args.add("b");
        }
        if (command.equals("mergekit-extract-lora")) {
            args.add("c");
        }
        assertThat(commandLine.parseArgs(args.toArray(String[]::new)).errors()).isEmpty();
    }

    // A line for each option, `-j, --num-threads` or `--cuda / --no-cuda`, under a heading for each
    // command.
    private static Map<String, List<String>> reference() throws IOException {
        Map<String, List<String>> options = new TreeMap<>();
        String command = "";
        try (InputStream in =
                OptionNamesTest.class.getResourceAsStream("/conformance/options.txt")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (String line : text.lines().toList()) {
                if (line.startsWith("## ")) {
                    command = line.substring(3);
                } else {
                    options.computeIfAbsent(command, _ -> new ArrayList<>())
                            .addAll(List.of(Pattern.compile(", | / ").split(line)));
                }
            }
        }
        return options;
    }
}
