package jmergekit;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// How a session finds models that are on no disk. What is not said here is read from the environment
/// as the hub's own client reads it: `HF_HOME`, `HF_TOKEN`, `HF_HUB_OFFLINE` and so on.
///
/// @param cache where downloads are kept, if not where the hub's own client keeps them
/// @param offline whether only what was downloaded before may be used
/// @param listener hears of look-ups and downloads
public record ModelSettings(Optional<Path> cache, boolean offline, Listener listener) {
    /// What the environment says.
    public static ModelSettings defaults() {
        return new ModelSettings(Optional.empty(), false, Listener.NONE);
    }

    /// With downloads kept in this folder.
    public ModelSettings cache(Path folder) {
        return new ModelSettings(Optional.of(folder), offline, listener);
    }

    /// Never asking the hub, if `value`.
    public ModelSettings offline(boolean value) {
        return new ModelSettings(cache, value, listener);
    }

    /// With another listener.
    public ModelSettings listener(Listener value) {
        return new ModelSettings(cache, offline, value);
    }

    Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(System.getenv());
        if (offline) {
            environment.put("HF_HUB_OFFLINE", "1");
        }
        return environment;
    }
}
