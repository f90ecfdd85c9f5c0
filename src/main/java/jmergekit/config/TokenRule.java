package jmergekit.config;

import java.util.Optional;
import jmergekit.problem.Location;

/// The source of a token's embedding in models that lack the token, or with `force` in all models.
/// Without a source, the default order of sources applies.
public record TokenRule(Optional<Located<TokenSource>> source, boolean force, Location at) {}
