package jmergekit;

import java.util.List;
import java.util.Optional;

/// The settings that a plan depends on besides its recipe. The defaults are those of the command
/// line.
///
/// @param allowCrimes whether models of different architectures may be merged
/// @param allowSameModel whether all experts of a mixture may be the same model
/// @param seed of the random numbers
/// @param shardBytes the most bytes of tensor data in one file
/// @param safeSerialization whether weights are written as safetensors rather than as PyTorch
///     checkpoints
/// @param copyTokenizer whether the tokenizer's files are copied to the output
/// @param title of the model card; if empty, there is no card and no copy of the recipe
/// @param expertLayout how the experts of a mixture are stored: `base`, as in the model that
///     config.json comes from; `split`, one tensor for each matrix of each expert; or `fused`, one
///     tensor for all experts of a layer
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

    /// Checks that `shardBytes` is positive and the expert layout exists.
    public PlanSettings {
        if (shardBytes < 1) {
            throw new IllegalArgumentException("shardBytes is " + shardBytes);
        }
        if (!LAYOUTS.contains(expertLayout)) {
            throw new IllegalArgumentException("expertLayout is " + expertLayout);
        }
    }

    /// The defaults of the command line; the card's title is `merged`.
    public static PlanSettings defaults() {
        return new PlanSettings(
                false, false, 0, SHARD_BYTES, true, true, Optional.of("merged"), BASE);
    }

    /// A copy that allows models of different architectures to be merged, if `value` is true.
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

    /// A copy that allows all experts of a mixture to be the same model, if `value` is true.
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

    /// A copy with this seed.
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

    /// A copy with at most this many bytes of tensor data in each file.
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

    /// A copy that writes weights as safetensors or, if `value` is false, as PyTorch checkpoints
    /// (`pytorch_model.bin`), for programs that cannot read safetensors.
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

    /// A copy with or without the tokenizer's files.
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

    /// A copy whose model card has this title.
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

    /// A copy without a model card.
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

    /// A copy with this layout of experts.
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
