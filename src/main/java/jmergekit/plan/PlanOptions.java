package jmergekit.plan;

import java.nio.file.Path;

/// What the command line says about planning.
///
/// @param workingDirectory what relative model paths are relative to
/// @param allowCrimes whether models of different architectures may be mixed
/// @param shardBytes most bytes of tensor data in one output file
/// @param seed of random methods
public record PlanOptions(Path workingDirectory, boolean allowCrimes, long shardBytes, long seed) {}
