package jmergekit.model;

import jmergekit.hub.Hub;
import jmergekit.remote.StoreModels;

/// The sources of models that are not in a folder on disk.
public record ModelSources(Hub hub, StoreModels stores) implements AutoCloseable {
    @Override
    public void close() {
        try (hub;
                stores) {
            // Closes both, even if one fails.
        }
    }
}
