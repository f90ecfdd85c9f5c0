package jmergekit;

import java.util.Optional;

/// What a plan depends on besides its recipe. The defaults are those of the command line.
///
/// @param allowCrimes whether models of different architectures may be mixed
/// @param allowSameModel whether all experts of a mixture may be one model
/// @param seed of what is drawn at random
/// @param shardBytes most bytes of tensor data in one file
/// @param safeSerialization whether the weights are written as safetensors, and not as PyTorch
///     checkpoints
/// @param copyTokenizer whether the tokenizer's files go into the output
/// @param title of the model card; without one there is no card and no copy of the recipe
public record PlanSettings(
        boolean allowCrimes,
        boolean allowSameModel,
        long seed,
        long shardBytes,
        boolean safeSerialization,
        boolean copyTokenizer,
        Optional<String> title) {
    private static final long SHARD_BYTES = 5_000_000_000L;

    /// Checks that shards may hold something.
    public PlanSettings {
        if (shardBytes < 1) {
            throw new IllegalArgumentException("shardBytes is " + shardBytes);
        }
    }

    /// As on the command line; the card's title is `merged`.
    public static PlanSettings defaults() {
        return new PlanSettings(false, false, 0, SHARD_BYTES, true, true, Optional.of("merged"));
    }

    /// Lets models of different architectures be mixed.
    public PlanSettings allowCrimes(boolean value) {
        return new PlanSettings(
                value, allowSameModel, seed, shardBytes, safeSerialization, copyTokenizer, title);
    }

    /// Lets all experts of a mixture be one model.
    public PlanSettings allowSameModel(boolean value) {
        return new PlanSettings(
                allowCrimes, value, seed, shardBytes, safeSerialization, copyTokenizer, title);
    }

    /// With another seed.
    public PlanSettings seed(long value) {
        return new PlanSettings(
                allowCrimes,
                allowSameModel,
                value,
                shardBytes,
                safeSerialization,
                copyTokenizer,
                title);
    }

    /// With files of at most so many bytes of tensor data.
    public PlanSettings shardBytes(long value) {
        return new PlanSettings(
                allowCrimes, allowSameModel, seed, value, safeSerialization, copyTokenizer, title);
    }

    /// With weights as safetensors, or as PyTorch checkpoints: `pytorch_model.bin`, for programs that
    /// read nothing else.
    public PlanSettings safeSerialization(boolean value) {
        return new PlanSettings(
                allowCrimes, allowSameModel, seed, shardBytes, value, copyTokenizer, title);
    }

    /// With or without the tokenizer's files.
    public PlanSettings copyTokenizer(boolean value) {
        return new PlanSettings(
                allowCrimes, allowSameModel, seed, shardBytes, safeSerialization, value, title);
    }

    /// With a card of this title.
    public PlanSettings title(String value) {
        return new PlanSettings(
                allowCrimes,
                allowSameModel,
                seed,
                shardBytes,
                safeSerialization,
                copyTokenizer,
                Optional.of(value));
    }

    /// Without a card.
    public PlanSettings withoutCard() {
        return new PlanSettings(
                allowCrimes,
                allowSameModel,
                seed,
                shardBytes,
                safeSerialization,
                copyTokenizer,
                Optional.empty());
    }
}
