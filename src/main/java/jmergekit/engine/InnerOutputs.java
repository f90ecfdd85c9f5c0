package jmergekit.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import jmergekit.plan.TensorTask;
import jmergekit.tensor.TensorView;
import jmergekit.weights.ScratchFile;
import org.jspecify.annotations.Nullable;

/// Storage for the outputs of inner tasks, each kept while the enclosing task of the plan runs: in
/// memory, or in one scratch file if it is large.
final class InnerOutputs implements AutoCloseable {
    private final Supplier<Path> place;
    private @Nullable ScratchFile file;

    /// @param place supplies the scratch file's path; called at most once
    InnerOutputs(Supplier<Path> place) {
        this.place = place;
    }

    /// The inner outputs of one task of the plan, each stored once however often it is read. For
    /// one thread.
    final class Held implements AutoCloseable {
        private final Predicate<TensorTask> above;
        private final @Nullable Held outer;
        private final Map<TensorTask, TensorView> made = new IdentityHashMap<>();
        private final List<Runnable> releases = new ArrayList<>();
        private boolean sourceNotFinite;

        private Held(Predicate<TensorTask> above, @Nullable Held outer) {
            this.above = above;
            this.outer = outer;
        }

        /// The outputs for one part of the task.
        ///
        /// @param shared selects the outputs that other parts also read, which are therefore kept
        ///     here
        Held part(Predicate<TensorTask> shared) {
            return new Held(shared, this);
        }

        /// The output of an inner task, made when it is first needed.
        ///
        /// @param make writes it
        TensorView output(TensorTask task, Consumer<MemorySegment> make) {
            if (outer != null && above.test(task)) {
                return outer.output(task, make);
            }
            // Plans share identical tasks, also after they are read from JSON.
            TensorView earlier = made.get(task);
            if (earlier != null) {
                return earlier;
            }
            MemorySegment bytes = allocate(task.output().bytes());
            make.accept(bytes);
            TensorView output = new TensorView(task.output(), bytes.asReadOnly());
            made.put(task, output);
            return output;
        }

        /// Records that an inner task read a non-finite source.
        void sourceIsNotFinite() {
            sourceNotFinite = true;
            if (outer != null) {
                outer.sourceIsNotFinite();
            }
        }

        boolean hasSourceNotFinite() {
            return sourceNotFinite;
        }

        private MemorySegment allocate(long bytes) {
            if (bytes > TensorTask.MOST_IN_MEMORY) {
                ScratchFile.Region region = file().region(bytes);
                releases.add(region::close);
                return region.bytes();
            }
            Arena arena = Arena.ofShared();
            releases.add(arena::close);
            return arena.allocate(Math.max(1, bytes), Long.BYTES).asSlice(0, bytes);
        }

        /// Releases everything, then throws the first failure, if any.
        @Override
        public void close() {
            RuntimeException failure = null;
            for (Runnable release : releases) {
                try {
                    release.run();
                } catch (RuntimeException e) {
                    if (failure == null) {
                        failure = e;
                    } else {
                        failure.addSuppressed(e);
                    }
                }
            }
            if (failure != null) {
                throw failure;
            }
        }
    }

    Held hold() {
        return new Held(_ -> false, null);
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
