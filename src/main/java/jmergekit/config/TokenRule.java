package jmergekit.config;

import java.util.Optional;
import jmergekit.problem.Location;

/// Where a token's embedding comes from in models that lack the token, or with `force` in all.
/// Without a source the usual order of sources holds.
public record TokenRule(Optional<Located<TokenSource>> source, boolean force, Location at) {}
