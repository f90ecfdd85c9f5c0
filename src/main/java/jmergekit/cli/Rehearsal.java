package jmergekit.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Several runs of the program in one process, with command lines separated by a comma. The
/// launcher uses it to create the class-data archive that later runs load their classes from.
final class Rehearsal {
    private static final String NEXT = ",";

    private Rehearsal() {}

    public static void main(String[] args) {
        Locale.setDefault(Locale.ROOT);
        List<String> arguments = new ArrayList<>();
        for (String argument : args) {
            if (argument.equals(NEXT)) {
                run(arguments);
                arguments.clear();
            } else {
                arguments.add(argument);
            }
        }
        // This also ends the program.
        Main.main(arguments.toArray(String[]::new));
    }

    private static void run(List<String> arguments) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        Main.run(
                Path.of("").toAbsolutePath(),
                System.getenv(),
                out,
                out,
                arguments.toArray(String[]::new));
    }
}
