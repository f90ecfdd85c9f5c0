package jmergekit.threads;

/// Something that is done when the program ends before it is closed, also by a signal.
public final class ExitAction implements AutoCloseable {
    private final Thread hook;

    private ExitAction(Thread hook) {
        this.hook = hook;
    }

    /// @throws IllegalStateException if the program is ending already
    public static ExitAction add(Runnable action) {
        Thread hook = new Thread(action, "exit");
        Runtime.getRuntime().addShutdownHook(hook);
        return new ExitAction(hook);
    }

    /// Whether the program is ending: what fails now may fail for that alone.
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
            // The program is ending: the action runs, or has run.
        }
    }
}
