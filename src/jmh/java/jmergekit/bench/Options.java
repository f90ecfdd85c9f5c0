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
/// @param gpus to compare the CPU with; none to time methods as they run by themselves
/// @param layers of the models
record Options(
        List<String> names,
        Path dir,
        Path tool,
        int rounds,
        boolean keep,
        boolean check,
        List<Device> gpus,
        int layers) {
    private static final List<String> METHODS = Scenario.ALL.stream().map(Scenario::name).toList();
    private static final List<String> NAMES =
            Stream.concat(
                            METHODS.stream(),
                            Stream.of(Check.START_UP, Check.LARGE_TENSOR, Check.LORA))
                    .toList();
    private static final String CUDA = "--cuda";
    private static final String MULTI_GPU = "--multi-gpu";

    static final String USAGE =
            """
            usage: scripts/bench [method...] [--dir D] [--rounds N] [--layers N] [--keep] [--tool T]
                                 [--check] [--cuda [--multi-gpu]]

            Times merges of random models of 1.1 billion parameters, as whole processes, against
            `cat` of the inputs and `cp` of a file as large as the output.

              method      some of: %s
                          (all of them)
              --dir D     folder for models and outputs; the models stay for the next time
                          (jmergekit-bench in the system's folder for temporary files)
              --rounds N  times that each method runs (2)
              --layers N  layers of the models, 88 MB each, beside 262 MB that every model has (22)
              --keep      leave the last output of each method there
              --tool T    run this program instead of scripts/mergekit-yaml
              --check     exit with status 1 when a target is missed

            With a GPU, in another table:

              --cuda       run each merge on the CPU (--device cpu) and then on the GPU (--cuda), and
                           compare the two outputs; methods only
              --multi-gpu  and then on all GPUs (--cuda --multi-gpu)

              CPU merge, GPU merge   seconds of the whole process
              device       from the first copy to or from the GPU to the last; of several GPUs, the
                           longest
              moved        bytes of these copies
              bandwidth    their bytes in that time, for each GPU
              pinned copy  what a copy from pinned memory to that GPU reaches by itself
              bits differ  values that are not the same, of all
              largest difference
                           how many neighbouring bfloat16 values two such values are apart

            A `-` stands for what the program did not tell of the GPU. The first four of these are
            from the round with the median time, differences and memory from the worst round.
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
        boolean cuda = false;
        boolean multiGpu = false;
        int layers = ModelSet.LAYERS;
        List<String> left = new ArrayList<>(arguments);
        while (!left.isEmpty()) {
            String argument = left.removeFirst();
            switch (argument) {
                case "--dir" -> dir = Path.of(value(argument, left));
                case "--tool" -> tool = Path.of(value(argument, left));
                case "--rounds" -> rounds = count(argument, value(argument, left));
                case "--layers" -> layers = count(argument, value(argument, left));
                case "--keep" -> keep = true;
                case "--check" -> check = true;
                case CUDA -> cuda = true;
                case MULTI_GPU -> multiGpu = true;
                default -> names.add(known(argument));
            }
        }
        if (names.isEmpty()) {
            names.addAll(cuda ? METHODS : NAMES);
        }
        List<Device> gpus = gpus(cuda, multiGpu, names);
        return new Options(
                List.copyOf(names),
                dir.toAbsolutePath().normalize(),
                tool.toAbsolutePath().normalize(),
                rounds,
                keep,
                check,
                gpus,
                layers);
    }

    private static List<Device> gpus(boolean cuda, boolean multiGpu, List<String> names) {
        if (!cuda) {
            if (multiGpu) {
                throw new BenchException(MULTI_GPU + ": needs " + CUDA);
            }
            return List.of();
        }
        for (String name : names) {
            if (!METHODS.contains(name)) {
                throw new BenchException(
                        name + ": is not a method, and " + CUDA + " is for methods");
            }
        }
        return multiGpu ? List.of(Device.GPU, Device.ALL_GPUS) : List.of(Device.GPU);
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

    private static int count(String option, String text) {
        if (!text.matches("[1-9][0-9]{0,3}")) {
            throw new BenchException(option + ": expected a number from 1, found '" + text + "'");
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
