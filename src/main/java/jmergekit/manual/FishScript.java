package jmergekit.manual;

import java.util.List;

/// Completion for fish 3.1 and newer.
final class FishScript {
    private final String name;
    private final StringBuilder script = new StringBuilder();

    private FishScript(String name) {
        this.name = name;
    }

    static String of(Program program) {
        return new FishScript(program.name()).script(program);
    }

    private String script(Program program) {
        script.append(
                """
                # Completion of @ for fish: @ completion fish | source

                # Whether the line has no command yet.
                function __@_lacks_command
                    not string match -qv -- '-*' (commandline -poc)[2..-1]
                end

                # Whether the line has one of these commands.
                function __@_has_command
                    set -l words (string match -v -- '-*' (commandline -poc)[2..-1])
                    contains -- (string replace -r '^@-' '' -- $words[1]) $argv
                end

                # The position of the current argument, ignoring options and their values.
                function __@_argument -a command
                    set -l words (commandline -poc)[2..-1]
                    set -l place 0
                    set -l skip 0
                    for word in $words
                        if test $skip -eq 1
                            set skip 0
                        else if string match -q -- '-*' $word
                            contains -- $word $argv[2..-1]; and set skip 1
                        else
                            set place (math $place + 1)
                        end
                    end
                    echo $place
                end

                """
                        .replace("@", name));
        String first = "__" + name + "_lacks_command";
        script.append("complete -c %s -f\n".formatted(name));
        for (Command command : program.commands()) {
            line(first, "-a " + command.name(), Brief.of(command.summary()));
        }
        program.options().forEach(o -> option(first, o));
        for (Command command : program.commands()) {
            script.append('\n');
            command(command);
        }
        return script.toString();
    }

    private void command(Command command) {
        String here = "__%s_has_command %s".formatted(name, command.name());
        command.useful().forEach(o -> option(here, o));
        List<String> withValue =
                command.options().stream()
                        .filter(Option::hasValue)
                        .flatMap(o -> o.names().stream())
                        .toList();
        String place =
                "test (__%s_argument %s %s)"
                        .formatted(name, command.name(), String.join(" ", withValue));
        for (int i = 0; i < command.arguments().size(); i++) {
            Argument argument = command.arguments().get(i);
            String which = argument.many() ? "-ge" : "-eq";
            String there = "%s; and %s %s %d".formatted(here, place, which, i + 1);
            String values = values(argument.value());
            if (!values.isEmpty()) {
                line(there, values, argument.label());
            }
        }
        for (String launcher : command.launchers()) {
            script.append("complete -c %s -w '%s %s'\n".formatted(launcher, name, command.name()));
        }
    }

    private void option(String where, Option option) {
        StringBuilder names = new StringBuilder();
        for (String each : option.names()) {
            String kind = each.startsWith("--") ? "-l " : each.length() == 2 ? "-s " : "-o ";
            names.append(names.isEmpty() ? "" : " ")
                    .append(kind)
                    .append(each.replaceFirst("^--?", ""));
        }
        String values = option.hasValue() ? " " + values(option) : "";
        line(where, names + values, option.brief());
    }

    private static String values(Option option) {
        String values = values(option.value());
        return values.isEmpty() ? "-x" : "-r " + values;
    }

    private static String values(Value value) {
        return switch (value) {
            case Value.Words(var words) -> "-f -a '" + String.join(" ", words) + "'";
            case Value.AnyFile _ -> "-F";
            case Value.Folder _ -> "-f -a '(__fish_complete_directories)'";
            case Value.Free _ -> "";
        };
    }

    private void line(String where, String what, String about) {
        script.append(
                "complete -c %s -n %s %s -d %s\n"
                        .formatted(name, quoted(where), what, quoted(about)));
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
