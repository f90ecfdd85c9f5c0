package jmergekit.config;

import java.util.List;

/// Keys of which one mapping has one only.
///
/// @param needed whether it must have one
public record Choice(List<String> keys, boolean needed) {
    public Choice {
        keys = List.copyOf(keys);
    }
}
