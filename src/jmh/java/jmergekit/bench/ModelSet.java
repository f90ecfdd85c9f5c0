package jmergekit.bench;

import java.util.List;

/// A base model and two fine-tunes of it, made by [ModelWriter].
///
/// @param folder of the three, within the bench's folder
/// @param baseShards files of the base model; the fine-tunes have one
/// @param sparse whether most of the values are zeros that take no disk space
record ModelSet(
        String folder, List<Weight> weights, String config, int baseShards, boolean sparse) {
    /// The names of the models, which recipes use.
    static final List<String> MODELS = List.of("base", "a", "b");

    /// The sizes of TinyLlama: 1.1 billion parameters, 2.2 GB a model.
    static final LlamaShape LLAMA = new LlamaShape(22, 2048, 5632, 32, 4, 32_000);

    static final ModelSet FULL = new ModelSet("1.1b", LLAMA.weights(), LLAMA.config(), 2, false);

    private static final LlamaShape SMALL = new LlamaShape(2, 64, 176, 4, 2, 256);

    /// About 250 kB a model: what is left of a run's time is the start of the program.
    static final ModelSet TINY = new ModelSet("tiny", SMALL.weights(), SMALL.config(), 1, false);

    // A name and a config that ask for no embedding, and so for nothing of vocabularies.
    private static final Weight BIG =
            Weight.matrix("model.layers.0.mlp.down_proj.weight", 49_152, 32_768);

    /// One tensor of exactly 3 GiB.
    static final ModelSet LARGE_TENSOR =
            new ModelSet(
                    "3gib",
                    List.of(BIG),
                    new LlamaShape(1, 49_152, 32_768, 64, 8, 256).config(),
                    1,
                    true);

    /// Bytes of the tensors of one model.
    long bytes() {
        return weights.stream().mapToLong(Weight::bytes).sum();
    }

    int shards(String model) {
        return model.equals("base") ? baseShards : 1;
    }
}
