package jmergekit.cuda;

import java.util.Locale;
import java.util.OptionalDouble;

/// The work of one GPU in a run.
///
/// @param gpu its name
/// @param bytesIn copied to the device
/// @param bytesOut copied from the device
/// @param seconds from the first of these copies to the last
/// @param pinnedSpeed bytes per second of a copy from pinned host memory to the device, if known
record GpuReport(
        String gpu, long bytesIn, long bytesOut, double seconds, OptionalDouble pinnedSpeed) {
    @Override
    public String toString() {
        double speed = seconds > 0 ? (bytesIn + bytesOut) / seconds : 0;
        String used =
                String.format(
                        Locale.ROOT,
                        "%s: %.2f GB in, %.2f GB out, busy %.2f s, %.1f GB/s",
                        gpu,
                        bytesIn / 1e9,
                        bytesOut / 1e9,
                        seconds,
                        speed / 1e9);
        return pinnedSpeed.isEmpty()
                ? used
                : used
                        + String.format(
                                Locale.ROOT,
                                " of %.1f GB/s pinned",
                                pinnedSpeed.getAsDouble() / 1e9);
    }
}
