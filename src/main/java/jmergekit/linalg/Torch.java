package jmergekit.linalg;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import java.util.Map;
import java.util.function.Supplier;
import jmergekit.djl.LibraryFolder;
import jmergekit.djl.NativePart;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;

/// The PyTorch library. It takes most of a second to load, so it is loaded only when a command
/// needs it.
public final class Torch {
    private static final String ENGINE = "PyTorch";

    /// Nothing is downloaded or reported. Each product uses one thread: the callers work on several
    /// matrices at a time, and a product's bits then do not depend on the number of threads.
    private static final Map<String, String> SETTINGS =
            Map.of(
                    "ai.djl.offline", "true",
                    "OPT_OUT_TRACKING", "true",
                    "ai.djl.pytorch.num_threads", "1",
                    "ai.djl.pytorch.num_interop_threads", "1",
                    "ai.djl.pytorch.graph_optimizer", "false");

    private Torch() {}

    /// Loads the library; the first use on a machine unpacks about 450 MB into DJL's cache
    /// ([LibraryFolder]).
    ///
    /// @throws MergeException if this installation or this machine has no library, or it cannot be
    ///     unpacked
    public static synchronized void load() {
        NativePart.PYTORCH.require();
        SETTINGS.forEach((key, value) -> {
            if (System.getProperty(key) == null) {
                System.setProperty(key, value);
            }
        });
        LibraryFolder.use();
        try {
            Engine.getEngine(ENGINE);
        } catch (EngineException | IllegalArgumentException e) {
            throw new MergeException(
                    Problem.output("PyTorch", "its native library cannot be loaded: " + reason(e))
                            .hint(
                                    "it needs Linux, macOS or Windows on a 64-bit processor, and"
                                            + " 500 MB in ~/.djl.ai or DJL_CACHE_DIR"),
                    e);
        }
    }

    /// Runs work that uses the library.
    ///
    /// @throws MergeException if the library fails, for example for lack of memory
    static <T> T run(Supplier<T> work) {
        try {
            return work.get();
        } catch (EngineException e) {
            String reason = reason(e).lines().findFirst().orElse("no reason given");
            throw new MergeException(
                    Problem.output("PyTorch", "a computation failed: " + reason), e);
        }
    }

    private static String reason(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    /// Owns the arrays created with it, which are freed when it is closed.
    static NDManager newManager() {
        load();
        return NDManager.newBaseManager(Device.cpu(), ENGINE);
    }
}
