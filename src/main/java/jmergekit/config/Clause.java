package jmergekit.config;

import java.util.Optional;
import jmergekit.problem.Location;

/// One case of a conditional setting; `value` is a constant or a gradient.
public record Clause(Optional<String> filter, Setting value, Location at) {
    public Clause {
        if (value instanceof Setting.Conditional) {
            throw new IllegalArgumentException("a conditional value inside another");
        }
    }

    /// Whether the clause applies to this tensor: its filter is absent, is `*`, or is part of the
    /// name. There are no other wildcards.
    public boolean matches(String tensorName) {
        return filter.map(f -> f.equals("*") || tensorName.contains(f)).orElse(true);
    }
}
