package jmergekit.lora;

import jmergekit.linalg.RankRule;

/// What the command line says about an extraction.
///
/// @param rank of each module's factors
/// @param distributeScale whether both factors get the square roots of the singular values, and not A
///     the values
/// @param embedLora whether embeddings and heads become factors like other modules
/// @param modules which modules to look at
/// @param skipUndecomposable whether modules that have no matrix are left out
/// @param skipUnchanged whether modules to be kept whole are left out if they equal the base's
/// @param allowCrimes whether models of different architectures may be compared
/// @param seed of the random start of the factorisation
public record ExtractionOptions(
        RankRule rank,
        boolean distributeScale,
        boolean embedLora,
        ModuleFilter modules,
        boolean skipUndecomposable,
        boolean skipUnchanged,
        boolean allowCrimes,
        long seed) {}
