package jmergekit.bench;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// One merge on GPUs.
///
/// @param uses reported for each GPU; empty if nothing was reported
/// @param difference from the merge on the CPU; empty if the merge failed
record DeviceRun(
        Device device, MergeRun merge, List<DeviceUse> uses, Optional<Difference> difference) {
    /// The longest, since GPUs work in parallel.
    String busy() {
        return uses.isEmpty()
                ? "-"
                : "%.2f s"
                        .formatted(
                                uses.stream()
                                        .mapToDouble(DeviceUse::busySeconds)
                                        .max()
                                        .orElseThrow());
    }

    String moved() {
        return uses.isEmpty()
                ? "-"
                : "%.2f GB in, %.2f GB out"
                        .formatted(
                                uses.stream().mapToDouble(DeviceUse::bytesIn).sum() * 1e-9,
                                uses.stream().mapToDouble(DeviceUse::bytesOut).sum() * 1e-9);
    }

    /// For each GPU.
    String speed() {
        return uses.isEmpty()
                ? "-"
                : uses.stream()
                        .map(use -> "%.1f".formatted(use.speed() * 1e-9))
                        .collect(Collectors.joining(" + ", "", " GB/s"));
    }

    /// For each GPU.
    String pinnedSpeed() {
        return uses.isEmpty()
                ? "-"
                : uses.stream()
                        .map(use -> "%.1f".formatted(use.pinnedSpeed() * 1e-9))
                        .collect(Collectors.joining(", ", "", " GB/s"));
    }
}
