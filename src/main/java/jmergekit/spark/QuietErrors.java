package jmergekit.spark;

import java.io.PrintStream;
import java.util.concurrent.RejectedExecutionException;

/// Standard error without the stack traces of tasks that come too late for a pool which Spark has shut
/// down. Scala prints them when Spark stops, also when it stops by itself, and they tell a user nothing.
final class QuietErrors extends PrintStream {
    private final ThreadLocal<Boolean> inTrace = ThreadLocal.withInitial(() -> false);

    QuietErrors(PrintStream console) {
        super(console, true, console.charset());
    }

    // What [Throwable#printStackTrace] calls for the exception and for each line below it.
    @Override
    public void println(Object line) {
        boolean hidden =
                line instanceof RejectedExecutionException
                        || inTrace.get() && String.valueOf(line).startsWith("\tat ");
        inTrace.set(hidden);
        if (!hidden) {
            super.println(line);
        }
    }
}
