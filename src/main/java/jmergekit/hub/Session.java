package jmergekit.hub;

import jmergekit.threads.Jobs;

/// What a run needs to get files from the hub.
///
/// @param jobs runs transfers beside each other
record Session(HubClient client, Jobs jobs, TransferProgress progress) {
    HubSettings settings() {
        return client.settings();
    }
}
