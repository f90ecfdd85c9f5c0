package jmergekit.config;

import java.util.Optional;

/// A task of a search, as the file has it.
///
/// @param weight how much it counts
/// @param metric as in `acc,none`
/// @param items the file with its items
/// @param heldOut the file with items, or for evaluators that know tasks by name the task, for the end
/// @param extract a regular expression that finds the answer in what a model says
public record TaskConfig(
        Located<String> name,
        double weight,
        Optional<Located<String>> metric,
        Optional<Located<String>> items,
        Optional<Located<String>> heldOut,
        Optional<Located<String>> extract) {}
