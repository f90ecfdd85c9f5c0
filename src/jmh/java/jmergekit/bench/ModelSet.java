package jmergekit.bench;

import java.util.List;

/// A base model and two fine-tunes of it, made by [ModelWriter].
///
/// @param folder of the three, within the bench's folder
/// @param shape of the config, and of the weights unless they are one tensor only
/// @param baseShards files of the base model; the fine-tunes have one
/// @param sparse whether most of the values are zeros that take no disk space
record ModelSet(
        String folder, List<Weight> weights, LlamaShape shape, int baseShards, boolean sparse) {
    /// The names of the models, which recipes use.
    static final List<String> MODELS = List.of("base", "a", "b");

    /// The sizes of TinyLlama: 1.1 billion parameters, 2.2 GB a model.
    private static final LlamaShape LLAMA = new LlamaShape(22, 2048, 5632, 32, 4, 32_000);

    static final int LAYERS = LLAMA.layers();

    /// How the folders of models begin that have another number of layers.
    static final String LAYERS_FOLDER = "layers-";

    private static final LlamaShape SMALL = new LlamaShape(2, 64, 176, 4, 2, 256);

    /// About 250 kB a model: what is left of a run's time is the start of the program.
    static final ModelSet TINY = new ModelSet("tiny", SMALL.weights(), SMALL, 1, false);

    // A name and a config that ask for no embedding, and so for nothing of vocabularies.
    private static final Weight BIG =
            Weight.matrix("model.layers.0.mlp.down_proj.weight", 49_152, 32_768);

    /// One tensor of exactly 3 GiB.
    static final ModelSet LARGE_TENSOR =
            new ModelSet(
                    "3gib", List.of(BIG), new LlamaShape(1, 49_152, 32_768, 64, 8, 256), 1, true);

    /// The models that methods are timed with: those of 1.1 billion parameters, or more or fewer of
    /// their layers.
    static ModelSet ofLayers(int layers) {
        LlamaShape shape = LLAMA.withLayers(layers);
        String folder = layers == LAYERS ? "1.1b" : LAYERS_FOLDER + layers;
        return new ModelSet(folder, shape.weights(), shape, 2, false);
    }

    String config() {
        return shape.config();
    }

    /// Bytes of the tensors of one model.
    long bytes() {
        return weights.stream().mapToLong(Weight::bytes).sum();
    }

    int shards(String model) {
        return model.equals("base") ? baseShards : 1;
    }
}
