package jmergekit.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The command line.
///
/// @param names of scenarios and checks to run
/// @param rounds each method is timed
/// @param keep whether the last output of each method stays
/// @param check whether a missed target is a failure
record Options(List<String> names, Path dir, Path tool, int rounds, boolean keep, boolean check) {
    private static final List<String> NAMES =
            Stream.concat(
                            Scenario.ALL.stream().map(Scenario::name),
                            Stream.of(Check.START_UP, Check.LARGE_TENSOR, Check.LORA))
                    .toList();

    static final String USAGE =
            """
            usage: scripts/bench [method...] [--dir D] [--rounds N] [--keep] [--tool T] [--check]

            Times merges of random models of 1.1 billion parameters, as whole processes, against
            `cat` of the inputs and `cp` of a file as large as the output.

              method      some of: %s
                          (all of them)
              --dir D     folder for models and outputs; the models stay for the next time
                          (jmergekit-bench in the system's folder for temporary files)
              --rounds N  times that each method runs (2)
              --keep      leave the last output of each method there
              --tool T    run this program instead of scripts/mergekit-yaml
              --check     exit with status 1 when a target is missed
            """
                    .formatted(String.join(" ", NAMES));

    /// @param repository whose launcher is timed
    static Options parse(List<String> arguments, Path repository) {
        List<String> names = new ArrayList<>();
        Path dir = Path.of(temporaryFolder(), "jmergekit-bench");
        Path tool = repository.resolve("scripts/mergekit-yaml");
        int rounds = 2;
        boolean keep = false;
        boolean check = false;
        List<String> left = new ArrayList<>(arguments);
        while (!left.isEmpty()) {
            String argument = left.removeFirst();
            switch (argument) {
                case "--dir" -> dir = Path.of(value(argument, left));
                case "--tool" -> tool = Path.of(value(argument, left));
                case "--rounds" -> rounds = count(value(argument, left));
                case "--keep" -> keep = true;
                case "--check" -> check = true;
                default -> names.add(known(argument));
            }
        }
        return new Options(
                names.isEmpty() ? NAMES : List.copyOf(names),
                dir.toAbsolutePath().normalize(),
                tool.toAbsolutePath().normalize(),
                rounds,
                keep,
                check);
    }

    private static String temporaryFolder() {
        return System.getenv().getOrDefault("TMPDIR", "/tmp");
    }

    private static String value(String option, List<String> left) {
        if (left.isEmpty()) {
            throw new BenchException(option + ": needs a value");
        }
        return left.removeFirst();
    }

    private static int count(String text) {
        if (!text.matches("[1-9][0-9]{0,3}")) {
            throw new BenchException("--rounds: expected a number from 1, found '" + text + "'");
        }
        return Integer.parseInt(text);
    }

    private static String known(String name) {
        if (!NAMES.contains(name)) {
            throw new BenchException(
                    "unknown method or option '%s'; known: %s"
                            .formatted(name, String.join(", ", NAMES)));
        }
        return name;
    }

    List<Scenario> scenarios() {
        return Scenario.ALL.stream().filter(s -> names.contains(s.name())).toList();
    }

    boolean has(String name) {
        return names.contains(name);
    }
}
