package jmergekit.cuda;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One thread's access to a GPU: a stream, device memory that is allocated front to back and
/// released as a whole, and pinned host memory for all copies.
///
/// The thread fills pinned memory while the device copies the previous piece. While one thread
/// waits for its kernels, the streams of other threads copy, compute and write.
final class DeviceStream {
    /// Bytes of one piece of a copy.
    private static final int SLOT = 4 << 20;

    private static final int SLOTS = 3;

    /// Pinned memory for arguments that are copied to the device.
    private static final int ARGUMENTS = 1 << 18;

    private static final int ALIGNMENT = 256;

    /// Blocks for each multiprocessor, enough to hide memory latency.
    private static final int BLOCKS = 32;

    private final Gpu gpu;
    private final Driver driver;
    private final long stream;
    private final List<Slot> slots = new ArrayList<>();
    private final MemorySegment arguments;
    private final KernelArguments kernelArguments = new KernelArguments();
    private int nextSlot;
    private long argumentsUsed;
    private long limit;
    private long memory;
    private long capacity;
    private long used;
    private @Nullable LoadedChunk loaded;

    /// A piece of pinned memory, and the event after its last copy.
    private record Slot(MemorySegment memory, long event) {}

    /// Receives data that is copied to the host, in order.
    interface Receiver {
        void take(long offset, MemorySegment bytes);
    }

    /// @param limit maximum bytes of device memory
    DeviceStream(Gpu gpu, long limit) {
        this.gpu = gpu;
        this.driver = gpu.driver();
        this.limit = limit;
        gpu.enter();
        this.stream = driver.createStream();
        this.arguments = driver.allocatePinned(ARGUMENTS);
        for (int i = 0; i < SLOTS; i++) {
            slots.add(new Slot(driver.allocatePinned(SLOT), driver.createEvent()));
        }
    }

    Gpu gpu() {
        return gpu;
    }

    /// Maximum bytes that [#reserve] will be able to provide.
    long limit() {
        return limit;
    }

    /// The chunk whose sources are at the front of the memory.
    @Nullable LoadedChunk loaded() {
        return loaded;
    }

    void setLoaded(@Nullable LoadedChunk chunk) {
        loaded = chunk;
    }

    // ---- Device memory ----

    /// Ensures a total of `bytes` bytes of memory. If there is less, the previous content is lost.
    ///
    /// @return whether it was lost
    /// @throws CudaException if the device does not have that much memory; then [#limit] is lower
    boolean reserve(long bytes) {
        if (bytes <= capacity) {
            return false;
        }
        finish();
        releaseMemory();
        long wanted = Math.max(bytes, Math.min(limit, bytes + bytes / 4));
        try {
            memory = driver.allocate(wanted);
        } catch (CudaException e) {
            if (e.isOutOfMemory()) {
                limit = Math.min(limit, bytes) / 2;
            }
            throw e;
        }
        capacity = wanted;
        used = 0;
        return true;
    }

    /// Frees the memory and its content.
    void releaseMemory() {
        loaded = null;
        if (capacity > 0) {
            long old = memory;
            capacity = 0;
            driver.free(old);
        }
    }

    /// Allocates this many of the reserved bytes.
    long allocate(long bytes) {
        long start = used;
        used = start + aligned(bytes);
        if (used > capacity) {
            throw new IllegalStateException(
                    "%d bytes of device memory reserved, %d needed".formatted(capacity, used));
        }
        return memory + start;
    }

    /// The number of bytes that [#allocate] uses for a request.
    static long aligned(long bytes) {
        return Math.ceilDiv(bytes, (long) ALIGNMENT) * ALIGNMENT;
    }

    /// The number of allocated bytes.
    long used() {
        return used;
    }

    /// Releases everything allocated since [#used] returned this value.
    void release(long usedBefore) {
        used = usedBefore;
    }

    // ---- Copies ----

    /// Fills a piece of pinned memory.
    interface Filler {
        void fill(long offset, MemorySegment piece);
    }

    /// Copies data to the device that is produced piece by piece.
    ///
    /// @param pieceBytes pieces are at most the largest multiple of this that fits
    void upload(long to, long bytes, long pieceBytes, Filler filler) {
        long most = SLOT / pieceBytes * pieceBytes;
        for (long at = 0; at < bytes; at += most) {
            Slot slot = freeSlot();
            MemorySegment piece = slot.memory.asSlice(0, Math.min(most, bytes - at));
            filler.fill(at, piece);
            driver.copyToDevice(to + at, piece, piece.byteSize(), stream);
            driver.record(slot.event, stream);
        }
        gpu.copiedIn(bytes);
    }

    void upload(long to, MemorySegment from) {
        upload(
                to,
                from.byteSize(),
                1,
                (at, piece) -> MemorySegment.copy(from, at, piece, 0, piece.byteSize()));
    }

    /// Copies a few values to newly allocated device memory.
    long uploaded(MemorySegment from) {
        long bytes = from.byteSize();
        long to = allocate(bytes);
        if (bytes > ARGUMENTS) {
            upload(to, from);
            return to;
        }
        if (argumentsUsed + bytes > ARGUMENTS) {
            finish();
        }
        MemorySegment piece = arguments.asSlice(argumentsUsed, bytes);
        MemorySegment.copy(from, 0, piece, 0, bytes);
        argumentsUsed += Math.ceilDiv(bytes, 16L) * 16;
        driver.copyToDevice(to, piece, bytes, stream);
        gpu.copiedIn(bytes);
        return to;
    }

    /// Copies to the host what the kernels launched so far write there.
    void download(long from, long bytes, Receiver receiver) {
        long pieces = Math.ceilDiv(bytes, (long) SLOT);
        Slot[] pending = new Slot[SLOTS];
        long started = 0;
        for (long taken = 0; taken < pieces; taken++) {
            while (started < pieces && started < taken + SLOTS) {
                Slot slot = freeSlot();
                long at = started * SLOT;
                driver.copyToHost(slot.memory, from + at, Math.min(SLOT, bytes - at), stream);
                driver.record(slot.event, stream);
                pending[(int) (started++ % SLOTS)] = slot;
            }
            Slot slot = pending[(int) (taken % SLOTS)];
            driver.await(slot.event);
            long at = taken * SLOT;
            receiver.take(at, slot.memory.asSlice(0, Math.min(SLOT, bytes - at)));
        }
        gpu.copiedOut(bytes);
    }

    /// The same, to an array's memory.
    void download(long from, MemorySegment to) {
        download(
                from,
                to.byteSize(),
                (at, bytes) -> MemorySegment.copy(bytes, 0, to, at, bytes.byteSize()));
    }

    private Slot freeSlot() {
        Slot slot = slots.get(nextSlot);
        nextSlot = (nextSlot + 1) % SLOTS;
        driver.await(slot.event);
        return slot;
    }

    void zero(long at, long bytes) {
        driver.zero(at, bytes, stream);
    }

    // ---- Kernels ----

    /// Starts a kernel whose threads together iterate over `elements` elements.
    void launch(String kernel, long elements, Object... values) {
        launchRows(kernel, elements, 1, values);
    }

    /// The same for each of `rows` rows of blocks.
    void launchRows(String kernel, long elements, int rows, Object... values) {
        long blocks = Math.ceilDiv(elements, (long) KernelArguments.THREADS);
        long most = (long) gpu.multiprocessors() * BLOCKS;
        launchBlocks(kernel, Math.min(blocks, most), rows, values);
    }

    /// Starts a kernel with this many blocks of threads.
    ///
    /// @param values an Integer, Long, Float or Double for each parameter; a Long for a pointer
    void launchBlocks(String kernel, long blocksX, int blocksY, Object... values) {
        driver.launch(
                gpu.kernel(kernel),
                Math.toIntExact(blocksX),
                blocksY,
                KernelArguments.THREADS,
                stream,
                kernelArguments.of(values));
    }

    /// Waits until all started work is done.
    void finish() {
        driver.synchronize(stream);
        argumentsUsed = 0;
    }

    void close() {
        releaseMemory();
        for (Slot slot : slots) {
            driver.destroyEvent(slot.event);
            driver.freePinned(slot.memory);
        }
        driver.freePinned(arguments);
        driver.destroyStream(stream);
    }
}
