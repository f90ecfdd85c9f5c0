package jmergekit.config;

import jmergekit.problem.Location;

/// A value and the place in the recipe it came from.
public record Located<T>(T value, Location at) {}
