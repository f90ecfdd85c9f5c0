package jmergekit.config;

import jmergekit.problem.Location;

/// How one module of a multimodal model, such as the text stack, is composed; never of further
/// modules.
public record ModuleConfig(
        String name, Composition composition, ParameterSet parameters, Location at) {}
