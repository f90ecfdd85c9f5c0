package jmergekit.cuda;

import java.lang.foreign.MemorySegment;
import java.util.OptionalDouble;

/// Measures the maximum speed of copies to a device, using pinned host memory.
final class PinnedCopy {
    private static final long BYTES = 16L << 20;
    private static final int COPIES = 16;

    private PinnedCopy() {}

    /// In bytes per second; the first copy is not timed. Empty if the device lacks the memory for
    /// it.
    static OptionalDouble speed(Gpu gpu) {
        try {
            return OptionalDouble.of(measure(gpu));
        } catch (CudaException _) {
            return OptionalDouble.empty();
        }
    }

    // Memory left behind after a failure is freed by the driver when the process ends.
    private static double measure(Gpu gpu) {
        Driver driver = gpu.driver();
        gpu.enter();
        long device = driver.allocate(BYTES);
        MemorySegment host = driver.allocatePinned(BYTES);
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
