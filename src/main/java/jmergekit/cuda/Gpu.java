package jmergekit.cuda;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/// A GPU in use: its context, its compiled kernels, and the bytes copied to and from it.
final class Gpu {
    /// Of the free memory; the rest is for the driver and the kernels.
    private static final double SHARE = 0.9;

    private final Driver driver;
    private final int index;
    private final int device;
    private final String name;
    private final long context;
    private final int multiprocessors;
    private final long memory;
    private final KernelText text;
    private final Map<String, Long> kernels = new HashMap<>();
    private final Map<String, Long> modules = new HashMap<>();
    private final List<DeviceStream> streams = new CopyOnWriteArrayList<>();
    private final ReadWriteLock memoryInUse = new ReentrantReadWriteLock();
    private final LongAdder bytesIn = new LongAdder();
    private final LongAdder bytesOut = new LongAdder();
    private final AtomicLong firstCopy = new AtomicLong(Long.MAX_VALUE);
    private final AtomicLong lastCopy = new AtomicLong(Long.MIN_VALUE);

    /// @param index of the device in the driver
    Gpu(Driver driver, int index, KernelText text) {
        this.driver = driver;
        this.index = index;
        this.text = text;
        this.device = driver.device(index);
        this.name = driver.deviceName(device);
        this.multiprocessors = driver.attribute(Driver.MULTIPROCESSORS, device);
        this.context = driver.retainContext(device);
        driver.setCurrent(context);
        this.memory = driver.freeMemory();
    }

    Driver driver() {
        return driver;
    }

    /// As in `cuda:0 NVIDIA H100 80GB HBM3`.
    String title() {
        return "cuda:%d %s".formatted(index, name);
    }

    int multiprocessors() {
        return multiprocessors;
    }

    /// Bytes that were free on the device at the start.
    long memory() {
        return memory;
    }

    /// Maximum bytes of device memory per stream, for this many streams.
    long memory(int streams) {
        return (long) (memory * SHARE) / streams;
    }

    /// A stream for the calling thread, which is open until the device is closed.
    ///
    /// @param limit maximum bytes of its memory
    DeviceStream open(long limit) {
        DeviceStream stream = new DeviceStream(this, limit);
        streams.add(stream);
        return stream;
    }

    /// Does work in a stream's memory, concurrently with other streams.
    <R> R share(Supplier<R> work) {
        return locked(memoryInUse.readLock(), work);
    }

    /// Does work that needs the memory of other streams, which lose their content.
    <R> R alone(Supplier<R> work) {
        return locked(
                memoryInUse.writeLock(),
                () -> {
                    streams.forEach(DeviceStream::releaseMemory);
                    return work.get();
                });
    }

    private static <R> R locked(Lock lock, Supplier<R> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    /// Directs the calling thread's calls to this device.
    void enter() {
        driver.setCurrent(context);
    }

    /// A kernel, compiled on first use.
    synchronized long kernel(String kernel) {
        Long found = kernels.get(kernel);
        if (found == null) {
            long module = driver.loadModule(text.module(kernel));
            modules.put(kernel, module);
            found = driver.kernel(module, kernel);
            kernels.put(kernel, found);
        }
        return found;
    }

    void copiedIn(long bytes) {
        bytesIn.add(bytes);
        copied();
    }

    void copiedOut(long bytes) {
        bytesOut.add(bytes);
        copied();
    }

    private void copied() {
        long now = System.nanoTime();
        firstCopy.accumulateAndGet(now, Math::min);
        lastCopy.accumulateAndGet(now, Math::max);
    }

    /// The bytes copied so far, and the speed of copies from pinned memory to the device.
    GpuReport report() {
        double busy = lastCopy.get() < firstCopy.get() ? 0 : lastCopy.get() - firstCopy.get();
        return new GpuReport(
                title(), bytesIn.sum(), bytesOut.sum(), busy / 1e9, PinnedCopy.speed(this));
    }

    void close() {
        enter();
        streams.forEach(DeviceStream::close);
        for (long module : modules.values()) {
            driver.unloadModule(module);
        }
        driver.releaseContext(device);
    }
}
