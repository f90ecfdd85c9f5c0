package jmergekit.config;

import jmergekit.problem.Location;

/// A value and its location in the recipe.
public record Located<T>(T value, Location at) {}
