package jmergekit.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jmergekit.cuda.NativeLibrary.Function;

/// The CUDA driver functions that are used here; each throws a [CudaException] if it fails.
///
/// Device memory, streams, events, contexts, modules and kernels are represented by the driver's
/// addresses.
final class Driver {
    /// Path of a library to use instead of the driver's, for tests.
    static final String LIBRARY_PROPERTY = "jmergekit.cuda.driver";

    static final int MULTIPROCESSORS = 16;
    static final int CAPABILITY_MAJOR = 75;
    static final int CAPABILITY_MINOR = 76;

    private static final int NAME_BYTES = 256;
    private static final int NON_BLOCKING = 1;
    private static final int PORTABLE = 1;

    private final Function init;
    private final Function getErrorName;
    private final Function getErrorString;
    private final Function deviceGetCount;
    private final Function deviceGet;
    private final Function deviceGetName;
    private final Function deviceGetAttribute;
    private final Function contextRetain;
    private final Function contextRelease;
    private final Function contextSetCurrent;
    private final Function memoryInfo;
    private final Function moduleLoad;
    private final Function moduleUnload;
    private final Function moduleGetFunction;
    private final Function streamCreate;
    private final Function streamSynchronize;
    private final Function streamDestroy;
    private final Function eventCreate;
    private final Function eventRecord;
    private final Function eventSynchronize;
    private final Function eventElapsedTime;
    private final Function eventDestroy;
    private final Function allocate;
    private final Function free;
    private final Function allocateHost;
    private final Function freeHost;
    private final Function copyToDevice;
    private final Function copyToHost;
    private final Function fill;
    private final Function launch;

    private Driver(NativeLibrary library) {
        init = library.function("cuInit", "I");
        getErrorName = library.function("cuGetErrorName", "IL");
        getErrorString = library.function("cuGetErrorString", "IL");
        deviceGetCount = library.function("cuDeviceGetCount", "L");
        deviceGet = library.function("cuDeviceGet", "LI");
        deviceGetName = library.function("cuDeviceGetName", "LII");
        deviceGetAttribute = library.function("cuDeviceGetAttribute", "LII");
        contextRetain = library.function("cuDevicePrimaryCtxRetain", "LI");
        contextRelease = library.function("cuDevicePrimaryCtxRelease_v2", "I");
        contextSetCurrent = library.function("cuCtxSetCurrent", "L");
        memoryInfo = library.function("cuMemGetInfo_v2", "LL");
        moduleLoad = library.function("cuModuleLoadData", "LL");
        moduleUnload = library.function("cuModuleUnload", "L");
        moduleGetFunction = library.function("cuModuleGetFunction", "LLL");
        streamCreate = library.function("cuStreamCreate", "LI");
        streamSynchronize = library.function("cuStreamSynchronize", "L");
        streamDestroy = library.function("cuStreamDestroy_v2", "L");
        eventCreate = library.function("cuEventCreate", "LI");
        eventRecord = library.function("cuEventRecord", "LL");
        eventSynchronize = library.function("cuEventSynchronize", "L");
        eventElapsedTime = library.function("cuEventElapsedTime", "LLL");
        eventDestroy = library.function("cuEventDestroy_v2", "L");
        allocate = library.function("cuMemAlloc_v2", "LL");
        free = library.function("cuMemFree_v2", "L");
        allocateHost = library.function("cuMemHostAlloc", "LLI");
        freeHost = library.function("cuMemFreeHost", "L");
        copyToDevice = library.function("cuMemcpyHtoDAsync_v2", "LLLL");
        copyToHost = library.function("cuMemcpyDtoHAsync_v2", "LLLL");
        fill = library.function("cuMemsetD8Async", "LILL");
        launch = library.function("cuLaunchKernel", "LIIIIIIILLL");
    }

    /// The driver of this machine, initialised.
    static Driver load() throws NoGpuException {
        boolean windows = System.getProperty("os.name").startsWith("Windows");
        String name = System.getProperty(LIBRARY_PROPERTY, windows ? "nvcuda.dll" : "libcuda.so.1");
        NativeLibrary library =
                NativeLibrary.load(name)
                        .orElseThrow(() ->
                                new NoGpuException("there is no NVIDIA driver (" + name + ")"));
        Driver driver;
        try {
            driver = new Driver(library);
        } catch (UnsupportedOperationException e) {
            throw new NoGpuException("the NVIDIA driver is too old; it lacks " + e.getMessage());
        }
        try {
            driver.check("cuInit", driver.init.call(0));
        } catch (CudaException e) {
            throw new NoGpuException("the NVIDIA driver does not start: " + e.getMessage());
        }
        return driver;
    }

    int deviceCount() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(ValueLayout.JAVA_INT);
            check("cuDeviceGetCount", deviceGetCount.call(count.address()));
            return count.get(ValueLayout.JAVA_INT, 0);
        }
    }

    int device(int index) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment device = arena.allocate(ValueLayout.JAVA_INT);
            check("cuDeviceGet", deviceGet.call(device.address(), index));
            return device.get(ValueLayout.JAVA_INT, 0);
        }
    }

    String deviceName(int device) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(NAME_BYTES);
            check("cuDeviceGetName", deviceGetName.call(name.address(), NAME_BYTES, device));
            return name.getString(0);
        }
    }

    int attribute(int attribute, int device) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(ValueLayout.JAVA_INT);
            check(
                    "cuDeviceGetAttribute",
                    deviceGetAttribute.call(value.address(), attribute, device));
            return value.get(ValueLayout.JAVA_INT, 0);
        }
    }

    /// The device's context, which the whole process shares; [#releaseContext] releases it.
    long retainContext(int device) {
        return made("cuDevicePrimaryCtxRetain", out -> contextRetain.call(out, device));
    }

    void releaseContext(int device) {
        check("cuDevicePrimaryCtxRelease", contextRelease.call(device));
    }

    /// Directs the calling thread's calls to this context.
    void setCurrent(long context) {
        check("cuCtxSetCurrent", contextSetCurrent.call(context));
    }

    /// Free bytes on the current context's device.
    long freeMemory() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment both = arena.allocate(ValueLayout.JAVA_LONG, 2);
            check("cuMemGetInfo", memoryInfo.call(both.address(), both.address() + Long.BYTES));
            return both.get(ValueLayout.JAVA_LONG, 0);
        }
    }

    /// Compiles a module for the current context's device.
    long loadModule(String ptx) {
        try (Arena arena = Arena.ofConfined()) {
            long text = arena.allocateFrom(ptx).address();
            return made("cuModuleLoadData", out -> moduleLoad.call(out, text));
        }
    }

    void unloadModule(long module) {
        check("cuModuleUnload", moduleUnload.call(module));
    }

    long kernel(long module, String name) {
        try (Arena arena = Arena.ofConfined()) {
            long text = arena.allocateFrom(name).address();
            return made("cuModuleGetFunction", out -> moduleGetFunction.call(out, module, text));
        }
    }

    long createStream() {
        return made("cuStreamCreate", out -> streamCreate.call(out, NON_BLOCKING));
    }

    void synchronize(long stream) {
        check("cuStreamSynchronize", streamSynchronize.call(stream));
    }

    void destroyStream(long stream) {
        check("cuStreamDestroy", streamDestroy.call(stream));
    }

    long createEvent() {
        return made("cuEventCreate", out -> eventCreate.call(out, 0));
    }

    void record(long event, long stream) {
        check("cuEventRecord", eventRecord.call(event, stream));
    }

    /// Waits until the stream has completed everything before the event.
    void await(long event) {
        check("cuEventSynchronize", eventSynchronize.call(event));
    }

    /// Seconds between two completed events.
    double seconds(long from, long to) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment milliseconds = arena.allocate(ValueLayout.JAVA_FLOAT);
            check("cuEventElapsedTime", eventElapsedTime.call(milliseconds.address(), from, to));
            return milliseconds.get(ValueLayout.JAVA_FLOAT, 0) / 1e3;
        }
    }

    void destroyEvent(long event) {
        check("cuEventDestroy", eventDestroy.call(event));
    }

    long allocate(long bytes) {
        return made("cuMemAlloc", out -> allocate.call(out, bytes));
    }

    void free(long memory) {
        check("cuMemFree", free.call(memory));
    }

    /// Host memory that the device copies from and to at full speed; release it with [#freePinned].
    MemorySegment allocatePinned(long bytes) {
        long address = made("cuMemHostAlloc", out -> allocateHost.call(out, bytes, PORTABLE));
        return NativeLibrary.memory(address, bytes);
    }

    void freePinned(MemorySegment memory) {
        check("cuMemFreeHost", freeHost.call(memory.address()));
    }

    /// Copies from pinned memory, in stream order.
    void copyToDevice(long to, MemorySegment from, long bytes, long stream) {
        check("cuMemcpyHtoDAsync", copyToDevice.call(to, from.address(), bytes, stream));
    }

    /// Copies to pinned memory, in stream order.
    void copyToHost(MemorySegment to, long from, long bytes, long stream) {
        check("cuMemcpyDtoHAsync", copyToHost.call(to.address(), from, bytes, stream));
    }

    void zero(long memory, long bytes, long stream) {
        check("cuMemsetD8Async", fill.call(memory, 0, bytes, stream));
    }

    /// @param parameters addresses of the kernel's arguments
    void launch(
            long kernel,
            int blocksX,
            int blocksY,
            int threads,
            long stream,
            MemorySegment parameters) {
        check(
                "cuLaunchKernel",
                launch.call(
                        kernel,
                        blocksX,
                        blocksY,
                        1,
                        threads,
                        1,
                        1,
                        0,
                        stream,
                        parameters.address(),
                        0));
    }

    private interface Maker {
        int make(long out);
    }

    // The value that a function writes to the address in its first argument.
    private long made(String function, Maker maker) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
            check(function, maker.make(out.address()));
            return out.get(ValueLayout.JAVA_LONG, 0);
        }
    }

    private void check(String function, int status) {
        if (status != 0) {
            throw new CudaException(
                    status,
                    "%s: %s (%s)"
                            .formatted(
                                    function,
                                    text(getErrorName, status),
                                    text(getErrorString, status)));
        }
    }

    private static String text(Function getText, int status) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
            getText.call(status, out.address());
            long address = out.get(ValueLayout.JAVA_LONG, 0);
            return address == 0
                    ? "error " + status
                    : NativeLibrary.memory(address, NAME_BYTES).getString(0);
        }
    }
}
