package jmergekit.bench;

import java.util.List;

/// A base model and two fine-tunes of it, made by [ModelWriter].
///
/// @param folder of the three models, within the bench's folder
/// @param shape of the config, and of the weights unless there is only one tensor
/// @param baseShards files of the base model
/// @param tuneShards files of a fine-tune
record ModelSet(
        String folder,
        List<Weight> weights,
        LlamaShape shape,
        int baseShards,
        int tuneShards,
        Filling filling) {
    /// Which part of a tensor is random values. The rest is zeros that take no disk space.
    enum Filling {
        ALL,
        ENDS,
        NONE
    }

    /// The names of the models, which recipes use.
    static final List<String> MODELS = List.of("base", "a", "b");

    /// The sizes of TinyLlama: 1.1 billion parameters, 2.2 GB a model.
    private static final LlamaShape LLAMA = new LlamaShape(22, 2048, 5632, 32, 4, 32_000);

    static final int LAYERS = LLAMA.layers();

    /// The number of layers of a 10 GB model.
    static final int LAYERS_OF_TEN_GIGABYTES = 110;

    /// The sizes of Llama 2 13B: 26 GB a model.
    private static final LlamaShape LARGE_LLAMA = new LlamaShape(40, 5120, 13_824, 40, 40, 32_000);

    static final int LAYERS_OF_THIRTEEN_BILLION = LARGE_LLAMA.layers();

    private static final long LARGE_SHARD_BYTES = 5_000_000_000L;

    /// The prefix of the folders of models with another number of layers.
    static final String LAYERS_FOLDER = "layers-";

    private static final LlamaShape SMALL = new LlamaShape(2, 64, 176, 4, 2, 256);

    /// About 250 kB per model, so that a run's time is mostly the start-up of the program.
    static final ModelSet TINY = new ModelSet("tiny", SMALL.weights(), SMALL, 1, 1, Filling.ALL);

    // A name and a config that need no embeddings, and therefore no vocabulary.
    private static final Weight BIG =
            Weight.matrix("model.layers.0.mlp.down_proj.weight", 49_152, 32_768);

    /// One tensor of exactly 3 GiB.
    static final ModelSet LARGE_TENSOR =
            new ModelSet(
                    "3gib",
                    List.of(BIG),
                    new LlamaShape(1, 49_152, 32_768, 64, 8, 256),
                    1,
                    1,
                    Filling.ENDS);

    /// The models that methods are timed with: 1.1 billion parameters, or another number of layers
    /// of this shape.
    static ModelSet ofLayers(int layers) {
        LlamaShape shape = LLAMA.withLayers(layers);
        String folder = layers == LAYERS ? "1.1b" : LAYERS_FOLDER + layers;
        return new ModelSet(folder, shape.weights(), shape, 2, 1, Filling.ALL);
    }

    /// The same, in this many files each.
    static ModelSet ofShards(int layers, int shards) {
        LlamaShape shape = LLAMA.withLayers(layers);
        if (shards > shape.weights().size()) {
            throw new BenchException("--shards: more shards than tensors");
        }
        String folder = "%s%d-shards-%d".formatted(LAYERS_FOLDER, layers, shards);
        return new ModelSet(folder, shape.weights(), shape, shards, shards, Filling.ALL);
    }

    /// Models of 13 billion parameters, or fewer, in files that consist of a single hole.
    static ModelSet ofHoles(int layers) {
        LlamaShape shape = LARGE_LLAMA.withLayers(layers);
        int shards = (int) Math.ceilDiv(shape.bytes(), LARGE_SHARD_BYTES);
        String folder = LAYERS_FOLDER + layers + "-holes";
        return new ModelSet(folder, shape.weights(), shape, shards, shards, Filling.NONE);
    }

    String config() {
        return shape.config();
    }

    /// Bytes of the tensors of one model.
    long bytes() {
        return weights.stream().mapToLong(Weight::bytes).sum();
    }

    int shards(String model) {
        return model.equals("base") ? baseShards : tuneShards;
    }
}
