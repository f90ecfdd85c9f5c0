package jmergekit.manual;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Completion for bash 3.2 (the version on macOS) and newer. Nothing else needs to be installed.
final class BashScript {
    private static final String HEAD =
            """
            # Completion of @ for bash: source <(@ completion bash)

            # Sets $kind to the kind of value of a command's option; empty if it takes none.
            _@_value() {
                kind=
                case $1,$2 in
            """;

    private static final String MIDDLE =
            """
                esac
            }

            # The same for an argument, counted from 1.
            _@_argument() {
                kind=
                case $1,$2 in
            """;

    private static final String OPTIONS =
            """
                esac
            }

            _@_options() {
                case $1 in
            """;

    private static final String TAIL =
            """
                esac
            }

            _@_reply() {
                local IFS=$'\\n'
                case $1 in
                    files) compopt -o filenames 2> /dev/null; COMPREPLY=($(compgen -f -- "$2")) ;;
                    folders) compopt -o filenames 2> /dev/null; COMPREPLY=($(compgen -d -- "$2")) ;;
                    *) COMPREPLY=($(compgen -W "${1// /$'\\n'}" -- "$2")) ;;
                esac
            }

            _@() {
                local word=${COMP_WORDS[COMP_CWORD]} before= command= kind= number=0 place=1 each
                COMPREPLY=()
                case ${COMP_WORDS[0]##*/} in
            {launchers}    esac
                # Words are split at '=' too.
                if [ "$word" = = ]; then
                    word=
                    before=${COMP_WORDS[COMP_CWORD - 1]}
                elif [ "$COMP_CWORD" -gt 1 ]; then
                    before=${COMP_WORDS[COMP_CWORD - 1]}
                    [ "$before" = = ] && before=${COMP_WORDS[COMP_CWORD - 2]}
                fi
                while [ "$place" -lt "$COMP_CWORD" ]; do
                    each=${COMP_WORDS[place]}
                    if [ -z "$command" ]; then
                        case $each in
                            -*) ;;
                            *) command=$each ;;
                        esac
                    else
                        case $each in
                            --) ;;
                            -*)
                                _@_value "$command" "$each"
                                if [ -n "$kind" ]; then
                                    place=$((place + 1))
                                    [ "${COMP_WORDS[place]}" = = ] && place=$((place + 1))
                                fi
                                ;;
                            *) number=$((number + 1)) ;;
                        esac
                    fi
                    place=$((place + 1))
                done
                case $command in
                    @-*) command=${command#@-} ;;
                esac
                _@_value "$command" "$before"
                if [ "$kind" = free ]; then
                    return
                elif [ -n "$kind" ]; then
                    _@_reply "$kind" "$word"
                elif [ "${word#-}" != "$word" ] || [ -z "$command" ]; then
                    _@_options "$command"
                    _@_reply "$kind" "$word"
                else
                    _@_argument "$command" "$((number + 1))"
                    [ -n "$kind" ] && _@_reply "$kind" "$word"
                fi
                return 0
            }

            complete -F _@ {programs}
            """;

    private BashScript() {}

    static String of(Program program) {
        StringBuilder script = new StringBuilder(HEAD);
        cases(values(program), script);
        script.append(MIDDLE);
        cases(arguments(program), script);
        script.append(OPTIONS);
        String commands =
                Stream.concat(
                                program.commands().stream().map(Command::name),
                                names(program.options().stream()))
                        .collect(Collectors.joining(" "));
        script.append("        '') kind='").append(commands).append("' ;;\n");
        for (Command command : program.commands()) {
            script.append("        %s) kind='".formatted(command.name()))
                    .append(names(command.useful()).collect(Collectors.joining(" ")))
                    .append("' ;;\n");
        }
        script.append(TAIL);
        List<String> programs = new ArrayList<>(List.of(program.name()));
        StringBuilder launchers = new StringBuilder();
        for (Command command : program.commands()) {
            for (String launcher : command.launchers()) {
                programs.add(launcher);
                launchers.append("        %s) command=%s ;;\n".formatted(launcher, command.name()));
            }
        }
        return script.toString()
                .replace("{launchers}", launchers)
                .replace("{programs}", String.join(" ", programs))
                .replace("_@", "_" + program.name())
                .replace("@", program.name());
    }

    private static Stream<String> names(Stream<Option> options) {
        return options.flatMap(o -> o.names().stream());
    }

    /// `COMMAND,OPTION` by the kind of the option's value.
    private static Map<String, List<String>> values(Program program) {
        Map<String, List<String>> all = new LinkedHashMap<>();
        for (Command command : program.commands()) {
            for (Option option : command.options()) {
                if (option.hasValue()) {
                    List<String> places =
                            all.computeIfAbsent(kind(option.value()), _ -> new ArrayList<>());
                    option.names().forEach(name -> places.add(command.name() + "," + name));
                }
            }
        }
        return all;
    }

    private static Map<String, List<String>> arguments(Program program) {
        Map<String, List<String>> all = new LinkedHashMap<>();
        for (Command command : program.commands()) {
            for (int i = 0; i < command.arguments().size(); i++) {
                Argument argument = command.arguments().get(i);
                String place = argument.many() ? "*" : String.valueOf(i + 1);
                all.computeIfAbsent(kind(argument.value()), _ -> new ArrayList<>())
                        .add(command.name() + "," + place);
            }
        }
        all.remove("free");
        return all;
    }

    private static String kind(Value value) {
        return switch (value) {
            case Value.Words(var words) -> String.join(" ", words);
            case Value.AnyFile _ -> "files";
            case Value.Folder _ -> "folders";
            case Value.Free _ -> "free";
        };
    }

    private static void cases(Map<String, List<String>> places, StringBuilder script) {
        places.forEach((kind, all) ->
                script.append("        ")
                        .append(String.join(" | \\\n            ", all))
                        .append(")\n            kind='")
                        .append(kind)
                        .append("' ;;\n"));
    }
}
