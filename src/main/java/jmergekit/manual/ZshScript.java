package jmergekit.manual;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Completion for zsh, using `_arguments`: can be sourced, or saved as `_mergekit` in a folder on
/// `fpath`.
final class ZshScript {
    private ZshScript() {}

    static String of(Program program) {
        List<String> programs = new ArrayList<>(List.of(program.name()));
        program.commands().forEach(c -> programs.addAll(c.launchers()));
        String name = program.name();
        StringBuilder script = new StringBuilder();
        script.append("#compdef ").append(String.join(" ", programs)).append("\n");
        script.append(
                "# Completion of %s for zsh: source <(%s completion zsh)\n\n"
                        .formatted(name, name));
        program.commands().forEach(c -> function(name, c, script));
        script.append("_%s_commands() {\n    local -a commands=(\n".formatted(name));
        for (Command command : program.commands()) {
            script.append("        ")
                    .append(quoted(command.name() + ":" + Brief.of(command.summary())))
                    .append('\n');
        }
        script.append("    )\n    _describe command commands\n}\n\n");
        script.append("_%s() {\n    local curcontext=$curcontext state line\n".formatted(name));
        script.append("    case $service in\n");
        for (Command command : program.commands()) {
            if (!command.launchers().isEmpty()) {
                script.append(
                        "        %s) _%s_%s; return ;;\n"
                                .formatted(
                                        String.join(" | ", command.launchers()),
                                        name,
                                        command.name()));
            }
        }
        script.append("    esac\n    _arguments -C \\\n");
        program.options().forEach(o -> script.append(option(o)));
        script.append(
                """
                        '1:command:_@_commands' \\
                        '*::argument:->command'
                    if [[ $state = command ]]; then
                        local command=${line[1]#@-}
                        curcontext=${curcontext%:*}-$command:
                        (( $+functions[_@_$command] )) && _@_$command
                    fi
                }

                if [ "$funcstack[1]" = _@ ]; then
                    _@ "$@"
                else
                    compdef _@\
                """
                        .replace("@", name));
        return script.append(' ').append(String.join(" ", programs)).append("\nfi\n").toString();
    }

    private static void function(String name, Command command, StringBuilder script) {
        script.append("_%s_%s() {\n    _arguments -s -S".formatted(name, command.name()));
        String options = command.useful().map(ZshScript::option).collect(Collectors.joining());
        script.append(" \\\n").append(options);
        for (int i = 0; i < command.arguments().size(); i++) {
            script.append(argument(command.arguments().get(i), i + 1));
        }
        // Removes the continuation of the last line.
        script.setLength(script.length() - " \\\n".length());
        script.append("\n}\n\n");
    }

    private static String option(Option option) {
        String names = String.join(" ", option.names());
        String excluded = option.names().size() > 1 ? "(" + names + ")" : "";
        StringBuilder lines = new StringBuilder();
        for (String name : option.names()) {
            String joined = !option.hasValue() ? "" : name.startsWith("--") ? "=" : "+";
            lines.append("        ")
                    .append(
                            quoted(
                                    excluded
                                            + name
                                            + joined
                                            + "["
                                            + escaped(option.brief())
                                            + "]"
                                            + value(option)))
                    .append(" \\\n");
        }
        return lines.toString();
    }

    private static String value(Option option) {
        return option.hasValue()
                ? ":" + escaped(option.label()) + ":" + action(option.value())
                : "";
    }

    private static String argument(Argument argument, int place) {
        String where = argument.many() ? "*" : String.valueOf(place);
        String optional = argument.required() || argument.many() ? ":" : "::";
        return "        "
                + quoted(
                        where
                                + optional
                                + escaped(argument.label())
                                + ":"
                                + action(argument.value()))
                + " \\\n";
    }

    private static String action(Value value) {
        return switch (value) {
            case Value.Words(var words) -> "(" + String.join(" ", words) + ")";
            case Value.AnyFile _ -> "_files";
            case Value.Folder _ -> "_files -/";
            case Value.Free _ -> "";
        };
    }

    private static String escaped(String text) {
        return text.replaceAll("([\\[\\]:\\\\])", "\\\\$1");
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
