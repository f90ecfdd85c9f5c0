package jmergekit.threads;

/// An action that is run if the program ends, also by a signal, before this is closed.
public final class ExitAction implements AutoCloseable {
    private final Thread hook;

    private ExitAction(Thread hook) {
        this.hook = hook;
    }

    /// @throws IllegalStateException if the program is already ending
    public static ExitAction add(Runnable action) {
        Thread hook = new Thread(action, "exit");
        Runtime.getRuntime().addShutdownHook(hook);
        return new ExitAction(hook);
    }

    /// Whether the program is ending, which may be the reason why something fails now.
    public static boolean isUnderWay() {
        try (ExitAction _ = add(() -> {})) {
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The program is ending: the action is running or has run.
        }
    }
}
