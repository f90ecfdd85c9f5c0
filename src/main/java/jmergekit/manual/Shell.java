package jmergekit.manual;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/// The supported shells.
public enum Shell {
    BASH(BashScript::of),
    ZSH(ZshScript::of),
    FISH(FishScript::of);

    private final Function<Program, String> script;

    Shell(Function<Program, String> script) {
        this.script = script;
    }

    /// A completion script for the program and its launchers.
    public String script(Program program) {
        return script.apply(program);
    }

    public static List<String> words() {
        return Arrays.stream(values()).map(s -> s.name().toLowerCase(Locale.ROOT)).toList();
    }

    public static Optional<Shell> of(String word) {
        return Arrays.stream(values())
                .filter(s -> s.name().toLowerCase(Locale.ROOT).equals(word))
                .findFirst();
    }
}
