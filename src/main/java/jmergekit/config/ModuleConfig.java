package jmergekit.config;

import jmergekit.problem.Location;

/// How one module of a model of several (such as the text stack) is composed; never of modules.
public record ModuleConfig(
        String name, Composition composition, ParameterSet parameters, Location at) {}
