package jmergekit.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/// The disk space and memory that a run needs.
///
/// @param models bytes of the models that still have to be made, and are kept
/// @param most maximum bytes at any time, including models
/// @param cached bytes that should stay in the page cache; 0 if not needed
record Room(long models, long most, long cached) {
    static Room of(Options options, Workspace workspace) {
        ModelSet set = workspace.models();
        List<Long> outputs =
                options.scenarios().stream().map(s -> s.outputBytes(set.shape())).toList();
        long largest = outputs.stream().mapToLong(Long::longValue).max().orElse(0);
        long kept = options.keep() ? outputs.stream().mapToLong(Long::longValue).sum() : 0;
        long models = outputs.isEmpty() ? 0 : workspace.missingBytes(set);
        long files = 3 * set.bytes();
        return switch (options.mode()) {
            case CACHED -> {
                // While a method is timed, there are a file to copy, and its copy or the output.
                long most = models + 2 * largest + kept;
                if (options.has(Check.LARGE_TENSOR)) {
                    most = Math.max(most, models + 2 * ModelSet.LARGE_TENSOR.bytes());
                }
                yield new Room(models, most, outputs.isEmpty() ? 0 : files + 2 * largest);
            }
            case COLD -> new Room(models, models + largest + kept, 0);
            case BUSY -> new Room(models, models + largest + kept + BusyDisk.BYTES, 0);
            case DEVICES -> {
                long most = models + 3 * largest + (1 + options.gpus().size()) * kept;
                yield new Room(models, most, files + 3 * largest);
            }
            case CORES -> new Room(models, models + largest + kept, files + largest);
            // File systems slow down when they are nearly full.
            case SPARSE -> new Room(0, largest + (1L << 30), 0);
        };
    }

    /// Fails if the disk is too small, and warns if memory is too small to cache the files.
    void require(Options options) throws IOException {
        long free = Files.getFileStore(options.dir()).getUsableSpace();
        Progress.say(
                "%s: needs up to %s more, %s of it for models that are kept; %s free",
                options.dir(),
                Report.gigabytes(most),
                Report.gigabytes(models),
                Report.gigabytes(free));
        if (free < most) {
            throw new BenchException("not enough disk space; give another --dir");
        }
        if (Memory.available() < cached) {
            Progress.say(
                    "less than %s of memory available: files will not stay in the page cache,"
                            + " so the timings will include the disk",
                    Report.gigabytes(cached));
        }
    }
}
