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
/// @param environment the variables; those of the process, if nothing else is said
public record ModelSettings(
        Optional<Path> cache, boolean offline, Listener listener, Map<String, String> environment) {
    /// Keeps a copy of the variables.
    public ModelSettings {
        environment = Map.copyOf(environment);
    }

    /// What the environment says.
    public static ModelSettings defaults() {
        return new ModelSettings(Optional.empty(), false, Listener.NONE, System.getenv());
    }

    /// With downloads kept in this folder.
    public ModelSettings cache(Path folder) {
        return new ModelSettings(Optional.of(folder), offline, listener, environment);
    }

    /// Never asking the hub, if `value`.
    public ModelSettings offline(boolean value) {
        return new ModelSettings(cache, value, listener, environment);
    }

    /// With another listener.
    public ModelSettings listener(Listener value) {
        return new ModelSettings(cache, offline, value, environment);
    }

    /// With these variables in place of the process's own.
    public ModelSettings environment(Map<String, String> variables) {
        return new ModelSettings(cache, offline, listener, variables);
    }

    Map<String, String> hubEnvironment() {
        Map<String, String> variables = new HashMap<>(environment);
        if (offline) {
            variables.put("HF_HUB_OFFLINE", "1");
        }
        return variables;
    }

    /// Without the environment: access tokens are in it.
    @Override
    public String toString() {
        return "ModelSettings[cache=%s, offline=%s]".formatted(cache, offline);
    }
}
