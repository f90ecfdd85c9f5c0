package jmergekit;

import java.util.List;
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
/// @param expertLayout how the experts of a mixture are stored: `base`, as in the model that
///     config.json comes from, `split`, a tensor for each matrix of each expert, or `fused`, one tensor for
///     all experts of a layer
public record PlanSettings(
        boolean allowCrimes,
        boolean allowSameModel,
        long seed,
        long shardBytes,
        boolean safeSerialization,
        boolean copyTokenizer,
        Optional<String> title,
        String expertLayout) {
    private static final long SHARD_BYTES = 5_000_000_000L;
    private static final String BASE = "base";
    private static final List<String> LAYOUTS = List.of(BASE, "split", "fused");

    /// Checks that shards may hold something, and that experts have such a layout.
    public PlanSettings {
        if (shardBytes < 1) {
            throw new IllegalArgumentException("shardBytes is " + shardBytes);
        }
        if (!LAYOUTS.contains(expertLayout)) {
            throw new IllegalArgumentException("expertLayout is " + expertLayout);
        }
    }

    /// As on the command line; the card's title is `merged`.
    public static PlanSettings defaults() {
        return new PlanSettings(
                false, false, 0, SHARD_BYTES, true, true, Optional.of("merged"), BASE);
    }

    /// Lets models of different architectures be mixed.
    public PlanSettings allowCrimes(boolean value) {
        return new PlanSettings(
                value,
                allowSameModel,
                seed,
                shardBytes,
                safeSerialization,
                copyTokenizer,
                title,
                expertLayout);
    }

    /// Lets all experts of a mixture be one model.
    public PlanSettings allowSameModel(boolean value) {
        return new PlanSettings(
                allowCrimes,
                value,
                seed,
                shardBytes,
                safeSerialization,
                copyTokenizer,
                title,
                expertLayout);
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
                title,
                expertLayout);
    }

    /// With files of at most so many bytes of tensor data.
    public PlanSettings shardBytes(long value) {
        return new PlanSettings(
                allowCrimes,
                allowSameModel,
                seed,
                value,
                safeSerialization,
                copyTokenizer,
                title,
                expertLayout);
    }

    /// With weights as safetensors, or as PyTorch checkpoints: `pytorch_model.bin`, for programs that
    /// read nothing else.
    public PlanSettings safeSerialization(boolean value) {
        return new PlanSettings(
                allowCrimes,
                allowSameModel,
                seed,
                shardBytes,
                value,
                copyTokenizer,
                title,
                expertLayout);
    }

    /// With or without the tokenizer's files.
    public PlanSettings copyTokenizer(boolean value) {
        return new PlanSettings(
                allowCrimes,
                allowSameModel,
                seed,
                shardBytes,
                safeSerialization,
                value,
                title,
                expertLayout);
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
                Optional.of(value),
                expertLayout);
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
                Optional.empty(),
                expertLayout);
    }

    /// With experts in another layout.
    public PlanSettings expertLayout(String value) {
        return new PlanSettings(
                allowCrimes,
                allowSameModel,
                seed,
                shardBytes,
                safeSerialization,
                copyTokenizer,
                title,
                value);
    }
}
