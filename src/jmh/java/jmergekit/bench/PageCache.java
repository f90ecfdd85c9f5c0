package jmergekit.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;

/// The system's page cache. Linux drops a file's pages if a reader declares that it does not need
/// them; the owner of a file needs no privileges for that.
///
/// Cannot be created on systems without these functions.
final class PageCache {
    private static final int READ_ONLY = 0;
    private static final int DONT_NEED = 4;
    private static final int ATTEMPTS = 3;

    private static final Linker LINKER = Linker.nativeLinker();

    private final MethodHandle open =
            function(
                    "open",
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
                    Linker.Option.firstVariadicArg(2));
    private final MethodHandle close =
            function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private final MethodHandle advise =
            function(
                    "posix_fadvise",
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_INT));
    private final MethodHandle inCore =
            function(
                    "mincore",
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT,
                            ValueLayout.ADDRESS,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.ADDRESS));
    private final MethodHandle pageSize =
            function("getpagesize", FunctionDescriptor.of(ValueLayout.JAVA_INT));

    private static MethodHandle function(
            String name, FunctionDescriptor type, Linker.Option... options) {
        return LINKER.defaultLookup()
                .find(name)
                .map(address -> LINKER.downcallHandle(address, type, options))
                .orElseThrow(() ->
                        new BenchException(
                                "this system has no function '%s', so files cannot be"
                                                .formatted(name)
                                        + " dropped from its page cache"));
    }

    /// Drops files that have been fully written to disk, and fails if some of them stay in the
    /// cache.
    void dropAll(List<Path> files) throws IOException, InterruptedException {
        long total = Workspace.bytes(files);
        long left = total;
        for (int i = 0; i < ATTEMPTS && tooMuch(left, total); i++) {
            Merges.settle();
            left = 0;
            for (Path file : files) {
                drop(file, 0, 0);
                left += residentBytes(file);
            }
        }
        if (tooMuch(left, total)) {
            throw new BenchException(
                    Report.mebibytes(left)
                            + " of "
                            + Report.mebibytes(total)
                            + " stay in the page cache: another program uses the files, or their"
                            + " folder is in memory itself");
        }
    }

    /// A few pages may stay because they are in use.
    private static boolean tooMuch(long left, long total) {
        return left > total / 1000;
    }

    /// Drops part of a file.
    ///
    /// @param length 0 for everything after `position`
    void drop(Path file, long position, long length) {
        try (Arena arena = Arena.ofConfined()) {
            int descriptor = (int) open.invokeExact(arena.allocateFrom(file.toString()), READ_ONLY);
            if (descriptor < 0) {
                throw new BenchException(file + ": cannot be opened");
            }
            int error = (int) advise.invokeExact(descriptor, position, length, DONT_NEED);
            int closed = (int) close.invokeExact(descriptor);
            if (error != 0 || closed != 0) {
                throw new BenchException(
                        "%s: posix_fadvise ended with error %d".formatted(file, error));
            }
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /// Bytes of a file that are in the page cache, in whole pages.
    long residentBytes(Path file) throws IOException {
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file)) {
            long size = channel.size();
            if (size == 0) {
                return 0;
            }
            // Mapped only for the query: no page of it is touched.
            MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
            long page = pageSize();
            MemorySegment states = arena.allocate(Math.ceilDiv(size, page));
            if (inCore(mapped, size, states) != 0) {
                throw new BenchException(file + ": mincore failed");
            }
            long pages = 0;
            for (long i = 0; i < states.byteSize(); i++) {
                pages += states.get(ValueLayout.JAVA_BYTE, i) & 1;
            }
            return pages * page;
        }
    }

    private int pageSize() {
        try {
            return (int) pageSize.invokeExact();
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private int inCore(MemorySegment mapped, long size, MemorySegment states) {
        try {
            return (int) inCore.invokeExact(mapped, size, states);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static RuntimeException unexpected(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException known ? known : new IllegalStateException(e);
    }
}
