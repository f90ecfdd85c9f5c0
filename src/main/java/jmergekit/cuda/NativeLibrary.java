package jmergekit.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Optional;

/// A library of C functions that return an `int`.
@SuppressWarnings("restricted") // native code is what it is for
final class NativeLibrary {
    private final SymbolLookup symbols;

    private NativeLibrary(SymbolLookup symbols) {
        this.symbols = symbols;
    }

    /// A function. Pointers are passed as addresses. Public, as required for proxies.
    public interface Function {
        int call(long... arguments);
    }

    /// Loads the library of this name or path for the lifetime of the process.
    static Optional<NativeLibrary> load(String name) {
        try {
            return Optional.of(new NativeLibrary(SymbolLookup.libraryLookup(name, Arena.global())));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// The memory at an address that a function returned.
    static MemorySegment memory(long address, long bytes) {
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    /// Binds a function for the lifetime of the process.
    ///
    /// @param parameters a letter for each: `I` an int, `L` a long or a pointer
    /// @throws UnsupportedOperationException if the library lacks it
    Function function(String name, String parameters) {
        MemoryLayout[] layouts =
                parameters
                        .chars()
                        .mapToObj(c -> c == 'I' ? ValueLayout.JAVA_INT : ValueLayout.JAVA_LONG)
                        .toArray(MemoryLayout[]::new);
        MethodHandle handle =
                Linker.nativeLinker()
                        .downcallHandle(
                                symbols.find(name)
                                        .orElseThrow(() -> new UnsupportedOperationException(name)),
                                FunctionDescriptor.of(ValueLayout.JAVA_INT, layouts));
        MethodType longs = MethodType.genericMethodType(layouts.length);
        for (int i = 0; i < layouts.length; i++) {
            longs = longs.changeParameterType(i, long.class);
        }
        MethodHandle adapted =
                MethodHandles.explicitCastArguments(handle, longs.changeReturnType(int.class))
                        .asSpreader(long[].class, layouts.length);
        return MethodHandleProxies.asInterfaceInstance(Function.class, adapted);
    }
}
