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
/// Source: POSIX.1-2024, `posix_fadvise` and `posix_madvise`; on Linux, where pages that nobody else maps or has written to
/// are dropped.
public final class PageCache {
    private static final int READ_ONLY = 0;
    private static final int DONT_NEED = 4;
    private static final int RANDOM = 1;

    private final Open open;
    private final Advise advise;
    private final Close close;
    private final AdviseMapped adviseMapped;

    /// Made at its first use: to find the functions takes some hundredths of a second, and hardly any
    /// run drops pages.
    private static final class OfSystem {
        static final Optional<PageCache> CACHE = find();
    }

    /// The function of that name. Public, as proxies need it.
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

    /// That of this system; empty where there is no known way to tell it of pages.
    public static Optional<PageCache> ofSystem() {
        return OfSystem.CACHE;
    }

    /// Memory of the machine or of the container, in bytes; that of the heap where the system does not
    /// say.
    public static long memory() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : Runtime.getRuntime().maxMemory();
    }

    // Elsewhere the number of the advice may be another.
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

    /// Drops pages of a file that are wholly between two offsets, in bytes, and that no process maps. It
    /// may drop none: it is advice.
    public void drop(Path file, long begin, long end) {
        if (begin == end) {
            // No bytes are, to the system, all that follow.
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

    /// Says that a mapped file will be looked at here and there: a look brings its page from the disk, and
    /// not the megabytes around it. It is advice.
    ///
    /// @param mapped from the beginning of the file
    public void expectScatteredReads(MemorySegment mapped) {
        adviseMapped.call(mapped, mapped.byteSize(), RANDOM);
    }
}
