package jmergekit.bench;

import java.util.List;

/// The type of a run of the bench.
enum Mode {
    /// Methods with their inputs in the page cache, and checks.
    CACHED("", ModelSet.LAYERS),

    /// Methods with their inputs only on disk.
    COLD("--cold", ModelSet.LAYERS),

    /// The same, while another process reads and writes that disk.
    BUSY("--busy", ModelSet.LAYERS),

    /// Methods on the CPU and on GPUs.
    DEVICES("--cuda", ModelSet.LAYERS),

    /// Methods with different numbers of threads.
    CORES("cores", ModelSet.LAYERS_OF_TEN_GIGABYTES),

    /// A merge that is larger than memory.
    SPARSE("sparse", ModelSet.LAYERS_OF_THIRTEEN_BILLION);

    private final String word;
    private final int layers;

    Mode(String word, int layers) {
        this.word = word;
        this.layers = layers;
    }

    /// The argument that selects it.
    String word() {
        return word;
    }

    /// Default number of layers of its models.
    int layers() {
        return layers;
    }

    /// Default names of what it runs.
    List<String> names() {
        return switch (this) {
            case CACHED -> Options.NAMES;
            case COLD, BUSY, DEVICES -> Options.METHODS;
            case CORES -> List.of("linear", "ties", "della");
            case SPARSE -> List.of("linear");
        };
    }

    /// Default number of times that it runs a merge.
    int rounds() {
        return this == SPARSE ? 1 : 3;
    }

    /// @param shards files of each model, if this can be chosen
    ModelSet models(int layers, int shards) {
        return switch (this) {
            case CACHED, COLD, BUSY, DEVICES -> ModelSet.ofLayers(layers);
            case CORES -> ModelSet.ofShards(layers, shards);
            case SPARSE -> ModelSet.ofHoles(layers);
        };
    }
}
