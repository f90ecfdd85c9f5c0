package jmergekit.manual;

import java.util.List;
import java.util.stream.Stream;

/// A command, such as `yaml`.
///
/// @param launchers programs that run this command, such as `mergekit-yaml`
/// @param summary sentences
/// @param arguments in order
public record Command(
        String name,
        List<String> launchers,
        String summary,
        List<Option> options,
        List<Argument> arguments) {
    public Command {
        launchers = List.copyOf(launchers);
        options = List.copyOf(options);
        arguments = List.copyOf(arguments);
    }

    /// The options that have an effect.
    Stream<Option> useful() {
        return options.stream().filter(o -> !o.inert());
    }
}
