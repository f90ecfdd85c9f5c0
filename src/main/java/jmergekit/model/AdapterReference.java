package jmergekit.model;

import java.util.Optional;

/// A low-rank adapter that a model reference adds to its model: a folder or hub path, and an
/// optional revision.
public record AdapterReference(String path, Optional<String> revision) {
    /// As written in a recipe: `path` or `path@revision`.
    @Override
    public String toString() {
        return revision.map(r -> path + "@" + r).orElse(path);
    }
}
