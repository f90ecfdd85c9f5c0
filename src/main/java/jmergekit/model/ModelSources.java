package jmergekit.model;

import jmergekit.hub.Hub;
import jmergekit.remote.StoreModels;

/// Where models come from that are in no folder on disk.
public record ModelSources(Hub hub, StoreModels stores) implements AutoCloseable {
    @Override
    public void close() {
        try (hub;
                stores) {
            // Closes both, even if one fails.
        }
    }
}
