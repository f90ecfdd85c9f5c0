package jmergekit.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The command line.
///
/// @param names of scenarios and checks to run
/// @param rounds number of times that each method is timed
/// @param keep whether the last output of each method is kept
/// @param check whether a missed target is a failure
/// @param gpus devices to compare with the CPU
/// @param threads numbers of threads to compare
record Options(
        Mode mode,
        List<String> names,
        Path dir,
        Path tool,
        int rounds,
        boolean keep,
        boolean check,
        List<Device> gpus,
        List<Integer> threads,
        ModelSet models) {
    static final List<String> METHODS = Scenario.ALL.stream().map(Scenario::name).toList();

    /// Everything that a run without names does.
    static final List<String> NAMES =
            Stream.concat(
                            METHODS.stream(),
                            Stream.of(Check.START_UP, Check.LARGE_TENSOR, Check.LORA, Check.DIFF))
                    .toList();

    /// @param repository whose launcher is timed
    static Options parse(List<String> arguments, Path repository) {
        CommandLine line = CommandLine.parse(arguments);
        Mode mode = line.mode();
        List<String> names = line.names().isEmpty() ? mode.names() : line.names();
        return new Options(
                mode,
                names,
                absolute(line.value("--dir", temporaryFolder() + "/jmergekit-bench")),
                absolute(line.value("--tool", repository.resolve("scripts/mergekit-yaml") + "")),
                line.count("--rounds", mode.rounds()),
                line.has("--keep"),
                line.has("--check"),
                gpus(line),
                threads(line),
                mode.models(line.count("--layers", mode.layers()), line.count("--shards", 10)));
    }

    private static List<Device> gpus(CommandLine line) {
        if (line.mode() != Mode.DEVICES) {
            return List.of();
        }
        return line.has("--multi-gpu") ? List.of(Device.GPU, Device.ALL_GPUS) : List.of(Device.GPU);
    }

    private static List<Integer> threads(CommandLine line) {
        int cores = Runtime.getRuntime().availableProcessors();
        List<Integer> counts = new ArrayList<>();
        for (String count : line.value("--cores", "1," + cores).split(",", -1)) {
            counts.add(CommandLine.count("--cores", count));
            if (counts.getLast() > cores) {
                throw new BenchException("--cores: this machine has " + cores);
            }
        }
        return counts.stream().distinct().sorted().toList();
    }

    private static String temporaryFolder() {
        return System.getenv().getOrDefault("TMPDIR", "/tmp");
    }

    private static Path absolute(String path) {
        return Path.of(path).toAbsolutePath().normalize();
    }

    List<Scenario> scenarios() {
        return Scenario.ALL.stream().filter(s -> names.contains(s.name())).toList();
    }

    boolean has(String name) {
        return names.contains(name);
    }
}
