package jmergekit.pagecache;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandleProxies;

/// Functions of the C library.
final class SystemFunction {
    private SystemFunction() {}

    @SuppressWarnings("restricted") // its purpose is to call native code
    static <F> F find(
            Class<F> type, String name, FunctionDescriptor signature, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        MemorySegment address = linker.defaultLookup().findOrThrow(name);
        return MethodHandleProxies.asInterfaceInstance(
                type, linker.downcallHandle(address, signature, options));
    }
}
