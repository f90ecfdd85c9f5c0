package jmergekit.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import jmergekit.plan.TensorTask;
import jmergekit.weights.ScratchFile;
import org.jspecify.annotations.Nullable;

/// Room for the outputs of inner tasks, each held while the task around it runs: in memory, or in one
/// scratch file if it is large.
final class InnerOutputs implements AutoCloseable {
    private final Supplier<Path> place;
    private @Nullable ScratchFile file;

    /// @param place where to make the scratch file, asked for once, if one is needed
    InnerOutputs(Supplier<Path> place) {
        this.place = place;
    }

    /// What one task holds. For one thread.
    final class Held implements AutoCloseable {
        private final List<Runnable> releases = new ArrayList<>();

        MemorySegment allocate(long bytes) {
            if (bytes > TensorTask.MOST_IN_MEMORY) {
                ScratchFile.Region region = file().region(bytes);
                releases.add(region::close);
                return region.bytes();
            }
            Arena arena = Arena.ofShared();
            releases.add(arena::close);
            return arena.allocate(Math.max(1, bytes), Long.BYTES).asSlice(0, bytes);
        }

        @Override
        public void close() {
            releases.forEach(Runnable::run);
        }
    }

    Held hold() {
        return new Held();
    }

    private synchronized ScratchFile file() {
        if (file == null) {
            file = ScratchFile.create(place.get());
        }
        return file;
    }

    @Override
    public synchronized void close() {
        if (file != null) {
            file.close();
        }
    }
}
