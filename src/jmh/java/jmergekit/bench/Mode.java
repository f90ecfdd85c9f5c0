package jmergekit.bench;

import java.util.List;

/// What a run of the bench is about.
enum Mode {
    /// Methods with their inputs in the page cache, and checks.
    CACHED("", ModelSet.LAYERS),

    /// Methods with their inputs on the disk only.
    COLD("--cold", ModelSet.LAYERS),

    /// The same beside another process that reads and writes that disk.
    BUSY("--busy", ModelSet.LAYERS),

    /// Methods on the CPU and on GPUs.
    DEVICES("--cuda", ModelSet.LAYERS),

    /// Methods on one core and on many.
    CORES("cores", ModelSet.LAYERS_OF_TEN_GIGABYTES),

    /// A merge that is larger than memory.
    SPARSE("sparse", ModelSet.LAYERS_OF_THIRTEEN_BILLION);

    private final String word;
    private final int layers;

    Mode(String word, int layers) {
        this.word = word;
        this.layers = layers;
    }

    /// What asks for it on the command line.
    String word() {
        return word;
    }

    /// Layers of its models, unless the command line says otherwise.
    int layers() {
        return layers;
    }

    /// Names of what it runs, unless the command line says otherwise.
    List<String> names() {
        return switch (this) {
            case CACHED -> Options.NAMES;
            case COLD, BUSY, DEVICES -> Options.METHODS;
            case CORES -> List.of("linear", "ties", "della");
            case SPARSE -> List.of("linear");
        };
    }

    /// How often it times a merge, unless the command line says otherwise.
    int rounds() {
        return this == SPARSE ? 1 : 3;
    }

    /// @param shards files of each model, where that can be chosen
    ModelSet models(int layers, int shards) {
        return switch (this) {
            case CACHED, COLD, BUSY, DEVICES -> ModelSet.ofLayers(layers);
            case CORES -> ModelSet.ofShards(layers, shards);
            case SPARSE -> ModelSet.ofHoles(layers);
        };
    }
}
