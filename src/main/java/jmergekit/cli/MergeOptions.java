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

/// The options that the merging commands share. Those that have nothing to do here are accepted, so
/// that old command lines keep working, and say so.
final class MergeOptions {
    static final String NOTHING = "Accepted for compatibility; does nothing here: ";

    @Option(
            names = "--out-shard-size",
            paramLabel = "SIZE",
            converter = ShardSize.class,
            defaultValue = "5B",
            description =
                    "Most bytes of tensor data in one file, such as 5B or 5GB (5 billion), 500M, 2GiB."
                            + " Default: ${DEFAULT-VALUE}.")
    private long shardBytes;

    @Option(
            names = {"-j", "--num-threads"},
            paramLabel = "N",
            description = "Threads. Default: one for each core. The output does not depend on it.")
    Optional<Integer> threads = Optional.empty();

    @Option(
            names = "--read-threads",
            paramLabel = "N",
            defaultValue = "" + RunThreads.READERS,
            description =
                    "Threads that read the inputs ahead of the others; 1 suits a disk that rotates, and 0"
                            + " reads nothing ahead. Default: ${DEFAULT-VALUE}.")
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
                    "Bring the output to the disk before it is put in place, so that it outlives a power"
                            + " cut (default).")
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
                    "Seed of what is drawn at random: the drops of dare_linear, dare_ties, della and"
                            + " della_linear, the gates and the noise of mixtures. Default:"
                            + " ${DEFAULT-VALUE}.")
    long randomSeed;

    @Option(
            names = "--safe-serialization",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description =
                    "Write safetensors (default): they can be mapped, hold no code, and have their header in"
                            + " front. The --no- form writes pytorch_model.bin, or adapter_model.bin, for"
                            + " programs that read nothing else.")
    private boolean safeSerialization;

    @Option(
            names = "--transformers-cache",
            paramLabel = "DIR",
            description =
                    "Where downloaded models are kept. Default: the cache that the hub's own client"
                            + " uses.")
    Optional<String> transformersCache = Optional.empty();

    @Option(
            names = "--lora-merge-cache",
            paramLabel = "DIR",
            description = NOTHING + "adapters need no cache.")
    Optional<String> loraMergeCache = Optional.empty();

    @Option(
            names = "--lora-merge-dtype",
            paramLabel = "DTYPE",
            description = NOTHING + "adapters are not merged into files.")
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
            description = NOTHING + "no code of a model is ever run.")
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

    /// How the weights are put into files.
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

    /// The hub that models without a folder on disk come from.
    ///
    /// @param quiet whether to say nothing of transfers
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

    /// Where models come from that are in no folder on disk.
    ///
    /// @param quiet whether to say nothing of transfers
    ModelSources sources(Console console, boolean quiet) {
        return new ModelSources(
                hub(console, quiet),
                StoreModels.of(console.environment(), console.workingDirectory()));
    }

    /// Refuses what this version cannot do, and values out of range.
    void check(Problems problems) {
        if (threads() < 1) {
            problems.add(
                    Problem.usage("--num-threads", "needs a positive number")
                            .found(String.valueOf(threads())));
        }
        if (readThreads < 0) {
            problems.add(
                    Problem.usage("--read-threads", "needs a number that is not negative")
                            .found(String.valueOf(readThreads)));
        }
    }
}
