package jmergekit.hub;

import jmergekit.threads.Jobs;

/// What a run needs to download files from the hub.
///
/// @param jobs runs transfers in parallel
record Session(HubClient client, Jobs jobs, TransferProgress progress) {
    HubSettings settings() {
        return client.settings();
    }
}
