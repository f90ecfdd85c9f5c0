package jmergekit.manual;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// Man pages, written with the macros of man(7), which all formatters support.
public final class ManPage {
    private final StringBuilder page = new StringBuilder();

    private ManPage() {}

    /// The pages of the program and its commands, by file name.
    ///
    /// @param exits the meanings of the exit codes
    public static Map<String, String> all(Program program, Map<Integer, String> exits) {
        Map<String, String> pages = new LinkedHashMap<>();
        pages.put(program.name() + ".1", of(program, exits));
        for (Command command : program.commands()) {
            String name = program.name() + "-" + command.name();
            pages.put(name + ".1", of(program, command, exits));
            command.launchers()
                    .forEach(l -> pages.putIfAbsent(l + ".1", of(program, command, exits)));
        }
        return pages;
    }

    private static String of(Program program, Map<Integer, String> exits) {
        ManPage page = new ManPage();
        page.head(program.name(), program, program.summary());
        page.section("SYNOPSIS");
        page.line(".B " + roff(program.name()));
        page.line(".I COMMAND");
        page.line("[options]");
        page.section("DESCRIPTION");
        page.line(roff(program.summary()));
        page.line(".PP");
        page.line("Each command has its own page.");
        page.section("COMMANDS");
        for (Command command : program.commands()) {
            page.line(".TP");
            page.line(".BR " + roff(program.name() + "-" + command.name()) + " (1)");
            page.line(roff(command.summary()));
        }
        page.section("OPTIONS");
        program.options().forEach(page::option);
        page.exits(exits);
        return page.page.toString();
    }

    private static String of(Program program, Command command, Map<Integer, String> exits) {
        ManPage page = new ManPage();
        page.head(program.name() + "-" + command.name(), program, command.summary());
        page.section("SYNOPSIS");
        page.line(".B " + roff(program.name() + " " + command.name()));
        page.line("[options]");
        command.arguments().forEach(a -> page.line(synopsis(a)));
        for (String launcher : command.launchers()) {
            page.line(".br");
            page.line(".B " + roff(launcher));
            page.line("[options]");
            command.arguments().forEach(a -> page.line(synopsis(a)));
        }
        page.section("DESCRIPTION");
        page.line(roff(command.summary()));
        if (!command.arguments().isEmpty()) {
            page.section("ARGUMENTS");
        }
        for (Argument argument : command.arguments()) {
            page.line(".TP");
            page.line(".I " + roff(argument.label()));
            page.line(roff(argument.summary()));
        }
        page.section("OPTIONS");
        command.options().forEach(page::option);
        page.exits(exits);
        page.section("SEE ALSO");
        page.line(".BR " + roff(program.name()) + " (1)");
        return page.page.toString();
    }

    private void head(String name, Program program, String summary) {
        // Without a date, so that builds of the same sources give the same page.
        line(
                ".TH %s 1 \"\" \"%s\" \"%s\""
                        .formatted(
                                roff(name.toUpperCase(Locale.ROOT)),
                                roff(program.version()),
                                roff(program.name())));
        section("NAME");
        line(roff(name) + " \\- " + roff(Brief.of(summary)));
    }

    private static String synopsis(Argument argument) {
        String label = roff(argument.label()) + (argument.many() ? "\\ ..." : "");
        return argument.required() ? ".I " + label : ".RI [ " + label.replace(" ", "\\ ") + " ]";
    }

    private void option(Option option) {
        line(".TP");
        String names =
                option.names().stream()
                        .map(n -> "\\fB" + roff(n) + "\\fR")
                        .collect(Collectors.joining(", "));
        String value =
                !option.hasValue()
                        ? ""
                        : (option.names().getLast().startsWith("--") ? "=" : " ")
                                + "\\fI"
                                + roff(option.label())
                                + "\\fR";
        line(names + value);
        line(roff(option.summary()));
    }

    private void exits(Map<Integer, String> exits) {
        section("EXIT STATUS");
        exits.forEach((code, meaning) -> {
            line(".TP");
            line(".B " + code);
            line(roff(meaning));
        });
    }

    private void section(String name) {
        line(".SH " + name);
    }

    private void line(String text) {
        page.append(text).append('\n');
    }

    /// Text escaped for roff: no line is a request, and dashes can be copied.
    static String roff(String text) {
        String plain =
                text.replace("\\", "\\e")
                        .replace("-", "\\-")
                        .replace("…", "...")
                        .replace("\"", "\\(dq")
                        .lines()
                        .collect(Collectors.joining(" "));
        return plain.startsWith(".") || plain.startsWith("'") ? "\\&" + plain : plain;
    }
}
