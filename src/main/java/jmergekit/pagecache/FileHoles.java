package jmergekit.pagecache;

import static java.lang.foreign.FunctionDescriptor.of;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Optional;

/// Frees the disk space of a part of a file, which reads as zeros from then on.
///
/// Source: the manual page `fallocate(2)` of Linux.
public final class FileHoles {
    private static final int WRITE_ONLY = 1;

    /// `FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE`
    private static final int PUNCH = 1 | 2;

    private final Open open;
    private final Allocate allocate;
    private final Close close;

    private static final class OfSystem {
        static final Optional<FileHoles> HOLES = find();
    }

    /// The function of that name. Public, because proxies need it.
    public interface Open {
        int call(MemorySegment name, int flags);
    }

    /// `fallocate`.
    public interface Allocate {
        int call(int file, int mode, long begin, long bytes);
    }

    /// The function of that name.
    public interface Close {
        int call(int file);
    }

    private FileHoles(Open open, Allocate allocate, Close close) {
        this.open = open;
        this.allocate = allocate;
        this.close = close;
    }

    /// The implementation for this system; empty if there is no known way.
    public static Optional<FileHoles> ofSystem() {
        return OfSystem.HOLES;
    }

    private static Optional<FileHoles> find() {
        if (!System.getProperty("os.name").startsWith("Linux")) {
            return Optional.empty();
        }
        Linker.Option variadic = Linker.Option.firstVariadicArg(2);
        return Optional.of(
                new FileHoles(
                        SystemFunction.find(
                                Open.class, "open", of(JAVA_INT, ADDRESS, JAVA_INT), variadic),
                        SystemFunction.find(
                                Allocate.class,
                                "fallocate",
                                of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG)),
                        SystemFunction.find(Close.class, "close", of(JAVA_INT, JAVA_INT))));
    }

    /// Makes a hole of the disk blocks that are entirely between two offsets, in bytes.
    ///
    /// @return whether the file system supports it
    public boolean punch(Path file, long begin, long end) {
        try (Arena arena = Arena.ofConfined()) {
            int descriptor = open.call(arena.allocateFrom(file.toString()), WRITE_ONLY);
            if (descriptor < 0) {
                return false;
            }
            int failed = allocate.call(descriptor, PUNCH, begin, end - begin);
            close.call(descriptor);
            return failed == 0;
        }
    }
}
