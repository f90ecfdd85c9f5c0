package jmergekit.config;

import java.util.Optional;

/// A task of a search, as configured in the file.
///
/// @param weight its weight in the objective
/// @param metric for example `acc,none`
/// @param items the file with its items
/// @param heldOut the file with held-out items, or the held-out task for evaluators with named
///     tasks
/// @param extract a regular expression that finds the answer in a model's output
public record TaskConfig(
        Located<String> name,
        double weight,
        Optional<Located<String>> metric,
        Optional<Located<String>> items,
        Optional<Located<String>> heldOut,
        Optional<Located<String>> extract) {}
