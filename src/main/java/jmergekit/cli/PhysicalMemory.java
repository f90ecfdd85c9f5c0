package jmergekit.cli;

import java.lang.management.ManagementFactory;

/// The memory of the machine, or of the container.
final class PhysicalMemory {
    private PhysicalMemory() {}

    /// In bytes; that of the heap where the system does not say.
    static long bytes() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : Runtime.getRuntime().maxMemory();
    }
}
