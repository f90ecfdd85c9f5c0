package jmergekit.planner;

import jmergekit.model.ModelLocator;

/// What the command line says about planning.
///
/// @param models finds the models that a recipe names
/// @param allowCrimes whether models of different architectures may be mixed
/// @param shardBytes most bytes of tensor data in one output file
/// @param seed of random methods
public record PlanOptions(ModelLocator models, boolean allowCrimes, long shardBytes, long seed) {}
