package jmergekit.config;

import jmergekit.problem.Location;

import java.util.Optional;

/// Where a token's embedding comes from in models that lack the token, or with `force` in all.
/// Without a source the usual order of sources holds.
public record TokenRule(Optional<Located<TokenSource>> source, boolean force, Location at) {}
