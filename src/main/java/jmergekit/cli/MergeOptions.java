package jmergekit.cli;

import java.util.Optional;
import jmergekit.Listener;
import jmergekit.ModelSettings;
import jmergekit.engine.RunThreads;
import jmergekit.hub.Hub;
import jmergekit.hub.HubSettings;
import jmergekit.model.ModelSources;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.remote.StoreModels;
import jmergekit.shards.ShardFormat;
import jmergekit.shards.Sharding;
import jmergekit.threads.TransferThreads;
import picocli.CommandLine.Option;

/// Options shared by the merging commands. Options without effect here are accepted, so that old
/// command lines keep working, and their descriptions say so.
final class MergeOptions {
    static final String NOTHING = "Accepted for compatibility; does nothing here: ";

    @Option(
            names = "--out-shard-size",
            paramLabel = "SIZE",
            converter = ShardSize.class,
            defaultValue = "5B",
            description =
                    "Maximum bytes of tensor data per file, such as 5B or 5GB (5 billion), 500M, "
                            + "2GiB. Default: ${DEFAULT-VALUE}.")
    private long shardBytes;

    @Option(
            names = {"-j", "--num-threads"},
            paramLabel = "N",
            description =
                    "Number of threads. Default: one per core. The output does not depend "
                            + "on it.")
    Optional<Integer> threads = Optional.empty();

    @Option(
            names = "--read-threads",
            paramLabel = "N",
            defaultValue = "" + RunThreads.READERS,
            description =
                    "Number of threads that read inputs ahead; use 1 for a rotating disk, 0 to "
                            + "disable read-ahead. Default: ${DEFAULT-VALUE}.")
    int readThreads;

    @Option(
            names = "--copy-tokenizer",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Copy the tokenizer's files to the output (default).")
    boolean copyTokenizer;

    @Option(
            names = "--write-model-card",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Write README.md and mergekit_config.yml (default).")
    boolean writeModelCard;

    @Option(
            names = "--sync",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description =
                    "Flush the output to disk before moving it into place, so that it survives a "
                            + "power failure (default).")
    boolean sync;

    @Option(
            names = "--allow-crimes",
            negatable = true,
            description = "Allow mixing models of different architectures.")
    boolean allowCrimes;

    @Option(
            names = "--random-seed",
            paramLabel = "SEED",
            defaultValue = "0",
            description =
                    "Random seed for the dropped parameters of dare_linear, dare_ties, della and "
                            + "della_linear, and for random gates and noise in mixtures. "
                            + "Default: ${DEFAULT-VALUE}.")
    long randomSeed;

    @Option(
            names = "--safe-serialization",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description =
                    "Write safetensors (default): they can be memory-mapped, contain no code, "
                            + "and start with their header. With --no-, write pytorch_model.bin, "
                            + "or adapter_model.bin, for programs that read nothing else.")
    private boolean safeSerialization;

    @Option(
            names = "--transformers-cache",
            paramLabel = "DIR",
            description =
                    "Cache folder for downloaded models. Default: the cache of the hub's own "
                            + "client.")
    Optional<String> transformersCache = Optional.empty();

    @Option(
            names = "--lora-merge-cache",
            paramLabel = "DIR",
            description = NOTHING + "adapters need no cache.")
    Optional<String> loraMergeCache = Optional.empty();

    @Option(
            names = "--lora-merge-dtype",
            paramLabel = "DTYPE",
            description = NOTHING + "adapters are merged on the fly, not into files.")
    Optional<String> loraMergeDtype = Optional.empty();

    @Option(
            names = "--low-cpu-memory",
            negatable = true,
            description = NOTHING + "memory use is constant anyway.")
    boolean lowCpuMemory;

    @Option(
            names = "--clone-tensors",
            negatable = true,
            description = NOTHING + "tensors never share storage in the output.")
    boolean cloneTensors;

    @Option(
            names = "--trust-remote-code",
            negatable = true,
            description = NOTHING + "remote code is never run.")
    boolean trustRemoteCode;

    @Option(
            names = "--lazy-unpickle",
            negatable = true,
            description = NOTHING + "files are always read lazily.")
    boolean lazyUnpickle;

    @Option(
            names = "--async-write",
            negatable = true,
            description = NOTHING + "writing always overlaps computing.")
    boolean asyncWrite;

    @Option(
            names = "--write-threads",
            paramLabel = "N",
            description = NOTHING + "all threads write.")
    Optional<Integer> writeThreads = Optional.empty();

    /// How weights are split into files.
    Sharding sharding() {
        return new Sharding(
                safeSerialization ? ShardFormat.SAFETENSORS : ShardFormat.PYTORCH, shardBytes);
    }

    int threads() {
        return threads.orElse(Runtime.getRuntime().availableProcessors());
    }

    RunThreads runThreads() {
        return new RunThreads(threads(), readThreads);
    }

    /// The hub for models that are not on disk.
    ///
    /// @param quiet whether to hide transfers
    private Hub hub(Console console, boolean quiet) {
        return new Hub(
                () ->
                        HubSettings.of(
                                console.environment(),
                                transformersCache,
                                console.workingDirectory()),
                new TransferThreads(),
                new TransferDisplay(console, quiet));
    }

    /// The same for the library.
    ModelSettings modelSettings(Console console, Listener listener) {
        ModelSettings settings =
                ModelSettings.defaults().environment(console.environment()).listener(listener);
        return transformersCache.map(console::resolve).map(settings::cache).orElse(settings);
    }

    /// The sources of models that are not on disk.
    ///
    /// @param quiet whether to hide transfers
    ModelSources sources(Console console, boolean quiet) {
        return new ModelSources(
                hub(console, quiet),
                StoreModels.of(console.environment(), console.workingDirectory()));
    }

    /// Refuses unsupported and out-of-range values.
    void check(Problems problems) {
        if (threads() < 1) {
            problems.add(
                    Problem.usage("--num-threads", "needs a positive number")
                            .found(String.valueOf(threads())));
        }
        if (readThreads < 0) {
            problems.add(
                    Problem.usage("--read-threads", "needs a number of at least 0")
                            .found(String.valueOf(readThreads)));
        }
    }
}
