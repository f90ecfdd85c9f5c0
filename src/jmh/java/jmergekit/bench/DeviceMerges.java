package jmergekit.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Runs the same merges on the CPU and on GPUs, and compares their outputs.
final class DeviceMerges {
    private final Workspace workspace;
    private final Merges merges;
    private final List<Device> gpus;

    /// @param gpus devices for merges, in addition to the CPU
    DeviceMerges(Workspace workspace, Merges merges, List<Device> gpus) {
        this.workspace = workspace;
        this.merges = merges;
        this.gpus = gpus;
    }

    /// Merges tiny models, and fails if there is no GPU. The first merge on a machine may also
    /// compile the kernels, which must not be timed.
    void prepare() throws IOException, InterruptedException {
        workspace.make(ModelSet.TINY);
        Scenario linear = Scenario.named("linear");
        for (Device gpu : gpus) {
            String name = gpu.outputOf(linear);
            MergeRun run = merges.on(gpu, linear, ModelSet.TINY);
            workspace.delete(workspace.output(name));
            if (run.failed()) {
                throw new BenchException(
                        "cannot merge on %s: %s"
                                .formatted(gpu.label(), lastLine(workspace.log(name))));
            }
        }
    }

    private static String lastLine(Path log) throws IOException {
        return Files.readString(log, StandardCharsets.ISO_8859_1)
                .lines()
                .filter(line -> !line.isBlank())
                .reduce("", (_, last) -> last);
    }

    /// Times a scenario several times; stops at the first merge that fails.
    List<DeviceRound> rounds(Scenario scenario, int count)
            throws IOException, InterruptedException {
        List<DeviceRound> rounds = new ArrayList<>();
        Path source = workspace.fileOf(scenario.outputBytes(workspace.models().shape()));
        for (int i = 1; i <= count; i++) {
            DeviceRound round = round(scenario, source);
            rounds.add(round);
            Progress.say("%s, round %d: %s", scenario.name(), i, round);
            if (round.failed()) {
                break;
            }
        }
        workspace.delete(source);
        merges.discard(Device.CPU.outputOf(scenario));
        for (Device gpu : gpus) {
            merges.discard(gpu.outputOf(scenario));
        }
        return rounds;
    }

    private DeviceRound round(Scenario scenario, Path source)
            throws IOException, InterruptedException {
        workspace.delete(output(Device.CPU, scenario));
        for (Device gpu : gpus) {
            workspace.delete(output(gpu, scenario));
        }
        // The output of the CPU is kept until a GPU's output has been compared with it.
        Merges.Moved moved = merges.moveBytes(scenario, source, 2);
        MergeRun cpu = merges.on(Device.CPU, scenario, workspace.models());
        List<DeviceRun> runs = new ArrayList<>();
        if (!cpu.failed()) {
            for (Device gpu : gpus) {
                runs.add(run(gpu, scenario));
            }
        }
        return new DeviceRound(moved.catSeconds(), moved.copySeconds(), cpu, runs);
    }

    private DeviceRun run(Device gpu, Scenario scenario) throws IOException, InterruptedException {
        Merges.settle();
        MergeRun merge = merges.on(gpu, scenario, workspace.models());
        List<DeviceUse> uses = DeviceUse.in(workspace.log(gpu.outputOf(scenario)));
        Optional<Difference> difference = Optional.empty();
        if (!merge.failed()) {
            try {
                difference =
                        Optional.of(
                                Difference.between(
                                        output(Device.CPU, scenario), output(gpu, scenario)));
            } catch (BenchException e) {
                merge = new MergeRun(merge.process(), Optional.of(e.getMessage()));
            }
        }
        merges.discard(gpu.outputOf(scenario));
        return new DeviceRun(gpu, merge, uses, difference);
    }

    private Path output(Device device, Scenario scenario) {
        return workspace.output(device.outputOf(scenario));
    }
}
