package jmergekit.lora;

import jmergekit.linalg.RankRule;

/// The command-line options of an extraction.
///
/// @param rank of each module's factors
/// @param distributeScale whether both factors get the square roots of the singular values, instead
///     of A getting the singular values
/// @param embedLora whether embeddings and heads become factors like other modules
/// @param modules which modules to include
/// @param skipUndecomposable whether modules without a matrix are skipped
/// @param skipUnchanged whether modules to be kept whole are skipped if they equal the base's
/// @param allowCrimes whether models of different architectures may be compared
/// @param seed for the random start of the factorisation
public record ExtractionOptions(
        RankRule rank,
        boolean distributeScale,
        boolean embedLora,
        ModuleFilter modules,
        boolean skipUndecomposable,
        boolean skipUnchanged,
        boolean allowCrimes,
        long seed) {}
