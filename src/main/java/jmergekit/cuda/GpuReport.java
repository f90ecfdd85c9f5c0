package jmergekit.cuda;

import java.util.Locale;

/// What one GPU did in a run.
///
/// @param gpu which one
/// @param bytesIn copied to the device
/// @param bytesOut copied from the device
/// @param seconds from the first of these copies to the last
/// @param pinnedSpeed bytes a second that a copy of pinned host memory to the device reaches
record GpuReport(String gpu, long bytesIn, long bytesOut, double seconds, double pinnedSpeed) {
    @Override
    public String toString() {
        double speed = seconds > 0 ? (bytesIn + bytesOut) / seconds : 0;
        return String.format(
                Locale.ROOT,
                "%s: %.2f GB in, %.2f GB out, busy %.2f s, %.1f GB/s of %.1f GB/s pinned",
                gpu,
                bytesIn / 1e9,
                bytesOut / 1e9,
                seconds,
                speed / 1e9,
                pinnedSpeed / 1e9);
    }
}
