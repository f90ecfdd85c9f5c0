package jmergekit.config;

import java.util.List;

/// Mutually exclusive keys of a mapping.
///
/// @param needed whether one of them is required
public record Choice(List<String> keys, boolean needed) {
    public Choice {
        keys = List.copyOf(keys);
    }
}
