package jmergekit.manual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jmergekit.fixture.Cli;
import jmergekit.method.MergeMethods;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The scripts in the shells that they are for, where these are installed. `_` stands for a word that
/// is still empty.
class CompletionTest {
    private static final String LINES =
            """
            mergekit ya                           | yaml
            mergekit --ve                         | --version
            mergekit yaml --dry                   | --dry-run
            mergekit yaml --format _              | json text
            mergekit yaml rec                     | recipe.yml
            mergekit yaml recipe.yml o            | out
            mergekit yaml --format json recipe.yml o | out
            mergekit yaml -j 3 recipe.yml o       | out
            mergekit yaml -j _                    |
            mergekit legacy --method ti           | ties
            mergekit methods slerp                | slerp
            mergekit schema m                     | merge moe multi
            mergekit completion _                 | bash fish zsh
            mergekit-yaml --dry                   | --dry-run
            mergekit-yaml recipe.yml o            | out
            mergekit-moe --expert-layout s        | split
            bakllama --format j                   | json
            """;

    /// Where zsh keeps what it takes seconds to find.
    @TempDir private static Path shared;

    @TempDir private Path folder;

    @BeforeEach
    void makeFiles() throws IOException {
        Files.createDirectory(folder.resolve("out"));
        Files.writeString(folder.resolve("other"), "");
        Files.writeString(folder.resolve("recipe.yml"), "");
    }

    private static boolean isInstalled(String shell) {
        return Stream.of("/bin/", "/usr/bin/", "/usr/local/bin/", "/opt/homebrew/bin/")
                .anyMatch(place -> Files.isExecutable(Path.of(place + shell)));
    }

    private Path script(String shell) throws IOException {
        Cli.Result result = Cli.run(folder, "completion", shell);
        assertThat(result.code()).isZero();
        assertThat(result.err()).isEmpty();
        return Files.writeString(folder.resolve("script." + shell), result.out());
    }

    private String run(String... command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .start();
        process.getOutputStream().close();
        byte[] out = process.getInputStream().readAllBytes();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return new String(out, StandardCharsets.UTF_8);
    }

    private static String sorted(Stream<String> words) {
        return words.filter(w -> !w.isBlank())
                .map(w -> w.replaceFirst("/$", ""))
                .distinct()
                .sorted()
                .collect(Collectors.joining(" "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = LINES)
    void bashCompletes(String line, String expected) throws Exception {
        assumeTrue(isInstalled("bash"), "bash is not installed");
        List<String> words =
                Arrays.stream(line.split(" ")).map(w -> w.equals("_") ? "''" : w).toList();
        String commands =
                "source '%s'; COMP_WORDS=(%s); COMP_CWORD=%d; _mergekit; printf '%%s\\n' \"${COMPREPLY[@]}\""
                        .formatted(script("bash"), String.join(" ", words), words.size() - 1);

        String found = run("bash", "--norc", "--noprofile", "-c", commands);

        assertThat(sorted(found.lines())).isEqualTo(expected == null ? "" : expected);
    }

    /// Readline splits words there, too.
    @Test
    void bashCompletesBehindAnEqualsSign() throws Exception {
        assumeTrue(isInstalled("bash"), "bash is not installed");
        String commands =
                "source '%s'; COMP_WORDS=(mergekit yaml --format = j); COMP_CWORD=4; _mergekit; echo ${COMPREPLY[@]}"
                        .formatted(script("bash"));

        assertThat(run("bash", "--norc", "-c", commands)).isEqualTo("json\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = LINES)
    void fishCompletes(String line, String expected) throws Exception {
        assumeTrue(isInstalled("fish"), "fish is not installed");
        String commands =
                "source '%s'; complete -C '%s'"
                        .formatted(script("fish"), line.replaceFirst(" _$", " "));

        String found = run("fish", "--no-config", "-c", commands);

        assertThat(sorted(found.lines().map(l -> l.split("\t")[0])))
                .isEqualTo(expected == null ? "" : expected);
    }

    /// What zsh asks `compadd` to offer.
    private static final String ZSHRC =
            """
            PROMPT=
            autoload -U compinit; compinit -u -d %2$s/dump
            source %1$s/script.zsh
            bindkey '^I' complete-word
            zstyle ':completion:*' insert-tab false
            compadd () {
                if [[ ${@[1,(i)(-|--)]} != *-(O|A|D)\\ * ]]; then
                    typeset -a hits; builtin compadd -A hits "$@"
                    print -l -- $hits >> %1$s/hits
                fi
                builtin compadd "$@"
            }
            finish () { print END >> %1$s/hits }
            comppostfuncs=(finish)
            print > %1$s/ready
            """;

    private static final String ZSH =
            """
            zmodload zsh/zpty
            zpty z env ZDOTDIR=%1$s TERM=dumb zsh -d -i
            for i in {1..100}; do [[ -e %1$s/ready ]] && break; sleep 0.05; done
            sleep 0.2
            zpty -w -n z '%2$s'$'\\t'
            for i in {1..100}; do grep -q END %1$s/hits 2> /dev/null && break; sleep 0.05; done
            zpty -d z
            """;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = LINES)
    void zshCompletes(String line, String expected) throws Exception {
        assumeTrue(isInstalled("zsh"), "zsh is not installed");
        script("zsh");
        Files.writeString(folder.resolve(".zshrc"), ZSHRC.formatted(folder, shared));
        String typed = line.replaceFirst(" _$", " ");
        Path commands = Files.writeString(folder.resolve("type.zsh"), ZSH.formatted(folder, typed));

        assertThat(run("zsh", "-f", commands.toString())).isEmpty();

        assertThat(
                        sorted(
                                Files.readString(folder.resolve("hits"))
                                        .lines()
                                        .filter(l -> !l.equals("END"))))
                .isEqualTo(expected == null ? "" : expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh", "fish"})
    void scriptsHaveCommandsLaunchersMethodsAndNoIdleOptions(String shell) throws IOException {
        String script = Files.readString(script(shell));

        assertThat(script)
                .contains("mergekit-extract-lora", "tokensurgeon", "bakllama")
                .contains(MergeMethods.builtIn().names());
        // As a value of an option only, if at all: it is not offered.
        assertThat(script).doesNotContain("low-cpu-memory");
    }

    @Test
    void anUnknownShellIsAnsweredWithTheList() {
        Cli.Result result = Cli.run(folder, "completion", "fsh");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .isEqualTo(
                        "error: mergekit completion: no completion script for the shell 'fsh' "
                                + "(did you mean 'fish'?) (expected one of bash, zsh, fish)\n");
    }
}
