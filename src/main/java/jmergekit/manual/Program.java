package jmergekit.manual;

import java.util.List;

/// The program as a whole.
///
/// @param name that users type
/// @param version for the foot of pages
/// @param options that stand before a command
public record Program(
        String name, String version, String summary, List<Option> options, List<Command> commands) {
    public Program {
        options = List.copyOf(options);
        commands = List.copyOf(commands);
    }
}
