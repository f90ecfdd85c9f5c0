package jmergekit.bench;

import java.util.ArrayList;
import java.util.List;

/// Where a merge computes.
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

    /// For people.
    String label() {
        return label;
    }

    /// The launcher's options. It tells what it does on the CPU too, so that merges differ in the
    /// device alone; and waits for the disk on neither, as `cp` does.
    List<String> options() {
        List<String> all = new ArrayList<>(options);
        all.add("-v");
        all.add("--no-sync");
        return List.copyOf(all);
    }

    /// The name of a scenario's output and log here.
    String outputOf(Scenario scenario) {
        return scenario.name() + "-" + suffix;
    }
}
