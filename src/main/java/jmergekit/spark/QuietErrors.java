package jmergekit.spark;

import java.io.PrintStream;
import java.util.concurrent.RejectedExecutionException;

/// Standard error without the stack traces of tasks that arrive after Spark has shut down their
/// pool. Scala prints them when Spark stops for any reason, and they do not help users.
final class QuietErrors extends PrintStream {
    private final ThreadLocal<Boolean> inTrace = ThreadLocal.withInitial(() -> false);

    QuietErrors(PrintStream console) {
        super(console, true, console.charset());
    }

    // [Throwable#printStackTrace] calls this for the exception and for each line below it.
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
