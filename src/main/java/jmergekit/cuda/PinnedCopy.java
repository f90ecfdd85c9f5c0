package jmergekit.cuda;

import java.lang.foreign.MemorySegment;

/// Measures the fastest that bytes get to a device: a copy of pinned host memory.
final class PinnedCopy {
    private static final long BYTES = 64L << 20;
    private static final int COPIES = 4;

    private PinnedCopy() {}

    /// In bytes a second; the first copy is not timed.
    static double speed(Gpu gpu) {
        Driver driver = gpu.driver();
        gpu.enter();
        MemorySegment host = driver.allocatePinned(BYTES);
        long device = driver.allocate(BYTES);
        long stream = driver.createStream();
        long start = driver.createEvent();
        long end = driver.createEvent();
        try {
            driver.copyToDevice(device, host, BYTES, stream);
            driver.record(start, stream);
            for (int i = 0; i < COPIES; i++) {
                driver.copyToDevice(device, host, BYTES, stream);
            }
            driver.record(end, stream);
            driver.await(end);
            return COPIES * BYTES / driver.seconds(start, end);
        } finally {
            driver.destroyEvent(start);
            driver.destroyEvent(end);
            driver.destroyStream(stream);
            driver.free(device);
            driver.freePinned(host);
        }
    }
}
