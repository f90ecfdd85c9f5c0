package jmergekit.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The arguments of a command line, checked for consistency.
///
/// @param names of methods and checks
/// @param options and their values; empty for those without
record CommandLine(Mode mode, List<String> names, Map<String, String> options) {
    private static final Set<String> WITH_VALUE =
            Set.of("--dir", "--tool", "--rounds", "--layers", "--cores", "--shards");
    private static final Set<String> ALONE =
            Set.of("--keep", "--check", "--cold", "--busy", "--cuda", "--multi-gpu");

    static CommandLine parse(List<String> arguments) {
        List<String> names = new ArrayList<>();
        Map<String, String> options = new HashMap<>();
        List<Mode> modes = new ArrayList<>();
        List<String> left = new ArrayList<>(arguments);
        while (!left.isEmpty()) {
            String argument = left.removeFirst();
            if (WITH_VALUE.contains(argument)) {
                if (left.isEmpty()) {
                    throw new BenchException(argument + ": needs a value");
                }
                options.put(argument, left.removeFirst());
            } else if (ALONE.contains(argument)) {
                options.put(argument, "");
            } else if (argument.equals(Mode.CORES.word())) {
                modes.add(Mode.CORES);
            } else if (argument.equals(Mode.SPARSE.word())) {
                modes.add(Mode.SPARSE);
            } else {
                names.add(known(argument));
            }
        }
        if (options.containsKey(Mode.COLD.word())) {
            modes.add(options.containsKey(Mode.BUSY.word()) ? Mode.BUSY : Mode.COLD);
        }
        if (options.containsKey(Mode.DEVICES.word())) {
            modes.add(Mode.DEVICES);
        }
        if (modes.stream().distinct().count() > 1) {
            throw new BenchException(
                    "%s: cannot be combined with %s"
                            .formatted(modes.getFirst().word(), modes.getLast().word()));
        }
        Mode mode = modes.isEmpty() ? Mode.CACHED : modes.getFirst();
        CommandLine line = new CommandLine(mode, List.copyOf(names), Map.copyOf(options));
        line.requireSense();
        return line;
    }

    private static String known(String name) {
        if (!Options.NAMES.contains(name)) {
            throw new BenchException(
                    "unknown method or option '%s'; known: %s, cores, sparse"
                            .formatted(name, String.join(", ", Options.NAMES)));
        }
        return name;
    }

    private void requireSense() {
        require("--busy", mode == Mode.BUSY, "--cold");
        require("--multi-gpu", mode == Mode.DEVICES, "--cuda");
        require("--cores", mode == Mode.CORES, "cores");
        require("--shards", mode == Mode.CORES, "cores");
        for (String name : names) {
            if (mode == Mode.SPARSE) {
                throw new BenchException(name + ": sparse only supports linear");
            }
            if (mode != Mode.CACHED && !Options.METHODS.contains(name)) {
                throw new BenchException(
                        name + ": is not a method, but " + mode.word() + " only runs methods");
            }
        }
    }

    private void require(String option, boolean fits, String needed) {
        if (has(option) && !fits) {
            throw new BenchException(option + ": needs " + needed);
        }
    }

    boolean has(String option) {
        return options.containsKey(option);
    }

    String value(String option, String otherwise) {
        return options.getOrDefault(option, otherwise);
    }

    int count(String option, int otherwise) {
        return has(option) ? count(option, options.get(option)) : otherwise;
    }

    static int count(String option, String text) {
        if (!text.matches("[1-9][0-9]{0,3}")) {
            throw new BenchException(option + ": expected a number from 1, found '" + text + "'");
        }
        return Integer.parseInt(text);
    }
}
