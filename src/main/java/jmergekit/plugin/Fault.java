package jmergekit.plugin;

import java.util.Optional;
import java.util.stream.Stream;

/// What a plugin's code threw, in one line.
final class Fault {
    private Fault() {}

    /// The exception, its message, and the line of the plugin that it comes from.
    static String text(Throwable thrown) {
        Throwable cause = cause(thrown);
        String message = cause.getMessage();
        String what = cause.getClass().getName();
        String said =
                message == null || message.isBlank()
                        ? what
                        : what + ": " + message.strip().replaceAll("\\s+", " ");
        return place(cause).map(p -> said + " at " + p).orElse(said);
    }

    // An exception of a static initialiser says nothing itself.
    private static Throwable cause(Throwable thrown) {
        Throwable cause = thrown.getCause();
        return thrown instanceof ExceptionInInitializerError && cause != null ? cause : thrown;
    }

    private static Optional<String> place(Throwable thrown) {
        return Stream.of(thrown.getStackTrace())
                .filter(f -> "plugin".equals(f.getClassLoaderName()))
                .findFirst()
                .map(f ->
                        "%s.%s(%s:%d)"
                                .formatted(
                                        f.getClassName(),
                                        f.getMethodName(),
                                        f.getFileName(),
                                        f.getLineNumber()));
    }
}
