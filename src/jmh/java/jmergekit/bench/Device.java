package jmergekit.bench;

import java.util.ArrayList;
import java.util.List;

/// The device of a merge.
enum Device {
    CPU("CPU", "cpu", "--device", "cpu"),
    GPU("GPU", "gpu", "--cuda"),
    ALL_GPUS("all GPUs", "all-gpus", "--cuda", "--multi-gpu");

    private final String label;
    private final String suffix;
    private final List<String> options;

    Device(String label, String suffix, String... options) {
        this.label = label;
        this.suffix = suffix;
        this.options = List.of(options);
    }

    /// Shown to the user.
    String label() {
        return label;
    }

    /// The launcher's options. They enable its report on the CPU too, so that merges differ only in
    /// the device, and disable waiting for the disk on both, as `cp` does not wait.
    List<String> options() {
        List<String> all = new ArrayList<>(options);
        all.add("-v");
        all.add("--no-sync");
        return List.copyOf(all);
    }

    /// The name of a scenario's output and log on this device.
    String outputOf(Scenario scenario) {
        return scenario.name() + "-" + suffix;
    }
}
