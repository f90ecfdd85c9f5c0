package jmergekit.cli;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jmergekit.cpu.CpuExecutor;
import jmergekit.cuda.Gpus;
import jmergekit.cuda.NoGpuException;
import jmergekit.primitive.Executor;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.tile.TileOps;
import picocli.CommandLine.Option;

/// The options that choose where to compute. The default is the CPU, so that a recipe gives the
/// same bytes on machines with and without a GPU.
final class DeviceOptions {
    private static final Pattern ONE_GPU = Pattern.compile("cuda(?::(\\d{1,4}))?");
    private static final String CPU = "cpu";
    private static final String AUTO = "auto";

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            completionCandidates = Candidates.Devices.class,
            description =
                    "Where to compute: cpu (default), cuda (the first NVIDIA GPU), cuda:N, or auto (a"
                            + " GPU if there is one).")
    private Optional<String> device = Optional.empty();

    @Option(
            names = "--cuda",
            negatable = true,
            description = "Compute on the first NVIDIA GPU, like --device cuda.")
    private boolean cuda;

    @Option(names = "--multi-gpu", negatable = true, description = "Compute on all NVIDIA GPUs.")
    private boolean multiGpu;

    @Option(names = "--gpu-rich", negatable = true, description = "The same as --multi-gpu.")
    private boolean gpuRich;

    @Option(
            names = "--read-to-gpu",
            negatable = true,
            description =
                    "Accepted for compatibility; does nothing here: with a GPU, tensors always go"
                            + " straight to it.")
    private boolean readToGpu;

    /// An executor and the reason for choosing it, which is empty if no option was given.
    ///
    /// @param problem why the requested device cannot be used; the executor is then the CPU
    record Choice(Executor executor, Optional<String> reason, Optional<Problem> problem) {
        private static Choice of(Executor executor, Optional<String> reason) {
            return new Choice(executor, reason, Optional.empty());
        }

        private static Choice failed(Problem problem) {
            return new Choice(cpu(), Optional.empty(), Optional.of(problem));
        }
    }

    private static Executor cpu() {
        return new CpuExecutor(TileOps.best());
    }

    /// The requested device, in the library's notation.
    String name() {
        if (wantsAll()) {
            return "cuda:all";
        }
        return wantsGpu() ? "cuda:" + index() : isAuto() ? AUTO : CPU;
    }

    void check(Problems problems) {
        contradiction().ifPresent(problems::add);
    }

    /// Opens the requested device. A GPU takes a few tenths of a second.
    Choice open() {
        if (contradiction().isEmpty() && (wantsGpu() || isAuto())) {
            return openGpus();
        }
        Executor cpu = cpu();
        return Choice.of(cpu, device.map(_ -> reason(cpu)));
    }

    private Choice openGpus() {
        try {
            Gpus gpus = Gpus.find();
            Optional<Problem> unknown = unknown(gpus.count());
            if (unknown.isPresent()) {
                return Choice.failed(unknown.get());
            }
            Executor gpu = gpus.open(wantsAll() ? gpus.all() : List.of(index()));
            return Choice.of(gpu, Optional.of(reason(gpu)));
        } catch (NoGpuException e) {
            if (isAuto()) {
                Executor cpu = cpu();
                return Choice.of(cpu, Optional.of(reason(cpu) + ", since " + e.getMessage()));
            }
            return Choice.failed(
                    Problem.usage(given(), "there is no GPU to compute on")
                            .found(String.valueOf(e.getMessage()))
                            .hint("omit the option to compute on the CPU"));
        }
    }

    /// A warning if a GPU is requested for a command that computes only on the CPU.
    Optional<Problem> ignored(String what) {
        return contradiction()
                .or(() ->
                        wantsGpu()
                                ? Optional.of(
                                        Problem.usage(
                                                        given(),
                                                        "the option has no effect: "
                                                                + what
                                                                + " computes on the CPU")
                                                .asWarning())
                                : Optional.empty());
    }

    private boolean wantsAll() {
        return multiGpu || gpuRich;
    }

    private boolean wantsGpu() {
        return cuda || wantsAll() || device.filter(d -> ONE_GPU.matcher(d).matches()).isPresent();
    }

    private boolean isAuto() {
        return !wantsGpu() && device.equals(Optional.of(AUTO));
    }

    private int index() {
        Matcher one = ONE_GPU.matcher(device.orElse(CPU));
        return one.matches() && one.group(1) != null ? Integer.parseInt(one.group(1)) : 0;
    }

    private Optional<Problem> contradiction() {
        if (device.isEmpty()) {
            return Optional.empty();
        }
        String text = device.get();
        Matcher one = ONE_GPU.matcher(text);
        if (!one.matches() && !List.of(CPU, AUTO).contains(text)) {
            return Optional.of(
                    Problem.usage("--device", "unknown device")
                            .expected("cpu, cuda, cuda:N or auto")
                            .found(text));
        }
        boolean contradicts = text.equals(CPU) ? cuda || wantsAll() : wantsAll() && hasIndex(one);
        return contradicts
                ? Optional.of(
                        Problem.usage("--device " + text, "the option contradicts " + gpuFlag())
                                .hint("omit one of them"))
                : Optional.empty();
    }

    private static boolean hasIndex(Matcher one) {
        return one.matches() && one.group(1) != null;
    }

    private Optional<Problem> unknown(int count) {
        if (wantsAll() || index() < count) {
            return Optional.empty();
        }
        return Optional.of(
                Problem.usage(given(), "there is no such GPU")
                        .expected(count == 1 ? "cuda:0" : "cuda:0 to cuda:" + (count - 1))
                        .found("cuda:" + index()));
    }

    private String gpuFlag() {
        if (multiGpu) {
            return "--multi-gpu";
        }
        return gpuRich ? "--gpu-rich" : "--cuda";
    }

    private String given() {
        return device.filter(d -> !wantsGpu() || ONE_GPU.matcher(d).matches() && !wantsAll())
                .map("--device "::concat)
                .orElseGet(this::gpuFlag);
    }

    private String reason(Executor executor) {
        return "computing on %s (%s)".formatted(executor.title(), given());
    }
}
