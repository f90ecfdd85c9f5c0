package jmergekit.bench;

import java.util.List;
import java.util.stream.Collectors;

/// One merge on the CPU and the same on GPUs, one after the other.
///
/// @param catSeconds for reading the inputs
/// @param copySeconds for copying a file as large as the output
/// @param gpus in the order of the requested devices; empty if the merge on the CPU failed
record DeviceRound(double catSeconds, double copySeconds, MergeRun cpu, List<DeviceRun> gpus) {
    boolean failed() {
        return cpu.failed() || gpus.stream().anyMatch(run -> run.merge().failed());
    }

    @Override
    public String toString() {
        return "cat %.2f s, cp %.2f s, CPU %.2f s%s"
                .formatted(
                        catSeconds,
                        copySeconds,
                        cpu.seconds(),
                        gpus.stream().map(this::text).collect(Collectors.joining()));
    }

    private String text(DeviceRun run) {
        return ", %s %.2f s (device %s, peak %s, %s with mapped files)"
                .formatted(
                        run.device().label(),
                        run.merge().seconds(),
                        run.busy(),
                        Report.mebibytes(run.merge().peakBytes()),
                        Report.mebibytes(run.merge().process().peak().peakResident()));
    }
}
