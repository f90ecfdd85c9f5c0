package jmergekit.pagecache;

import static java.lang.foreign.FunctionDescriptor.of;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Optional;

/// The pages of files that the system keeps in memory.
///
/// Source: POSIX.1-2024, `posix_fadvise` and `posix_madvise`; Linux drops pages that no process
/// maps or has written to.
public final class PageCache {
    private static final int READ_ONLY = 0;
    private static final int DONT_NEED = 4;
    private static final int RANDOM = 1;

    private final Open open;
    private final Advise advise;
    private final Close close;
    private final AdviseMapped adviseMapped;

    /// Created at its first use: finding the functions takes some tens of milliseconds, and hardly
    /// any run drops pages.
    private static final class OfSystem {
        static final Optional<PageCache> CACHE = find();
    }

    /// The function of that name. Public, because proxies need it.
    public interface Open {
        int call(MemorySegment name, int flags);
    }

    /// `posix_fadvise`.
    public interface Advise {
        int call(int file, long begin, long bytes, int advice);
    }

    /// The function of that name.
    public interface Close {
        int call(int file);
    }

    /// `posix_madvise`.
    public interface AdviseMapped {
        int call(MemorySegment begin, long bytes, int advice);
    }

    private PageCache(Open open, Advise advise, Close close, AdviseMapped adviseMapped) {
        this.open = open;
        this.advise = advise;
        this.close = close;
        this.adviseMapped = adviseMapped;
    }

    /// The implementation for this system; empty if there is no known way to advise it about pages.
    public static Optional<PageCache> ofSystem() {
        return OfSystem.CACHE;
    }

    /// Memory of the machine or of the container, in bytes; the size of the heap if the system does
    /// not report it.
    public static long memory() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : Runtime.getRuntime().maxMemory();
    }

    // Other systems may use another number for the advice.
    private static Optional<PageCache> find() {
        if (!System.getProperty("os.name").startsWith("Linux")) {
            return Optional.empty();
        }
        Linker.Option variadic = Linker.Option.firstVariadicArg(2);
        return Optional.of(
                new PageCache(
                        SystemFunction.find(
                                Open.class, "open", of(JAVA_INT, ADDRESS, JAVA_INT), variadic),
                        SystemFunction.find(
                                Advise.class,
                                "posix_fadvise",
                                of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT)),
                        SystemFunction.find(Close.class, "close", of(JAVA_INT, JAVA_INT)),
                        SystemFunction.find(
                                AdviseMapped.class,
                                "posix_madvise",
                                of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT))));
    }

    /// Drops pages of a file that are entirely between two offsets, in bytes, and that no process
    /// maps. It may drop none: this is only advice.
    public void drop(Path file, long begin, long end) {
        if (begin == end) {
            // A length of zero means everything that follows.
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            int descriptor = open.call(arena.allocateFrom(file.toString()), READ_ONLY);
            if (descriptor >= 0) {
                advise.call(descriptor, begin, end - begin, DONT_NEED);
                close.call(descriptor);
            }
        }
    }

    /// Announces that a mapped file will be read at scattered places: an access then reads its page
    /// from the disk, and not the megabytes around it. This is only advice.
    ///
    /// @param mapped the mapping, from the beginning of the file
    public void expectScatteredReads(MemorySegment mapped) {
        adviseMapped.call(mapped, mapped.byteSize(), RANDOM);
    }
}
