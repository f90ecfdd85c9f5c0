package jmergekit.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The arguments of one kernel launch, in the form that the driver needs: an address for each.
final class KernelArguments {
    /// Threads per block, for every kernel.
    static final int THREADS = 256;

    private static final int MOST = 16;

    private final MemorySegment values = Arena.ofAuto().allocate(MOST * Long.BYTES, Long.BYTES);
    private final MemorySegment addresses = Arena.ofAuto().allocate(MOST * Long.BYTES, Long.BYTES);

    KernelArguments() {
        for (int i = 0; i < MOST; i++) {
            addresses.setAtIndex(
                    ValueLayout.JAVA_LONG, i, values.address() + (long) i * Long.BYTES);
        }
    }

    /// The driver has read them when the launch returns.
    MemorySegment of(Object... arguments) {
        for (int i = 0; i < arguments.length; i++) {
            long at = (long) i * Long.BYTES;
            switch (arguments[i]) {
                case Integer x -> values.set(ValueLayout.JAVA_INT, at, x);
                case Long x -> values.set(ValueLayout.JAVA_LONG, at, x);
                case Float x -> values.set(ValueLayout.JAVA_FLOAT, at, x);
                case Double x -> values.set(ValueLayout.JAVA_DOUBLE, at, x);
                default -> throw new IllegalArgumentException(arguments[i].toString());
            }
        }
        return addresses;
    }
}
