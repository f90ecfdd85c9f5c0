package jmergekit.manual;

import java.util.List;

/// The program as a whole.
///
/// @param name the name that users type
/// @param version for page footers
/// @param options the options before a command
public record Program(
        String name, String version, String summary, List<Option> options, List<Command> commands) {
    public Program {
        options = List.copyOf(options);
        commands = List.copyOf(commands);
    }
}
