package jmergekit.config;

import java.util.List;

/// Keys of which a mapping may have only one.
///
/// @param needed whether it must have one
public record Choice(List<String> keys, boolean needed) {
    public Choice {
        keys = List.copyOf(keys);
    }
}
