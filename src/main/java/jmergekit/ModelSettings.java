package jmergekit;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// How a session finds models that are not on the local disk. Settings that are not given here are
/// read from the environment variables of the Hugging Face client: `HF_HOME`, `HF_TOKEN`,
/// `HF_HUB_OFFLINE` and so on.
///
/// @param cache where downloads are kept; if empty, where the Hugging Face client keeps them
/// @param offline whether only files downloaded before may be used
/// @param listener receives look-ups and downloads
/// @param environment the variables; by default those of the process
public record ModelSettings(
        Optional<Path> cache, boolean offline, Listener listener, Map<String, String> environment) {
    /// Copies the variables.
    public ModelSettings {
        environment = Map.copyOf(environment);
    }

    /// The settings of the process's environment.
    public static ModelSettings defaults() {
        return new ModelSettings(Optional.empty(), false, Listener.NONE, System.getenv());
    }

    /// A copy that keeps downloads in this folder.
    public ModelSettings cache(Path folder) {
        return new ModelSettings(Optional.of(folder), offline, listener, environment);
    }

    /// A copy that never contacts the hub, if `value` is true.
    public ModelSettings offline(boolean value) {
        return new ModelSettings(cache, value, listener, environment);
    }

    /// A copy with this listener.
    public ModelSettings listener(Listener value) {
        return new ModelSettings(cache, offline, value, environment);
    }

    /// A copy with these variables in place of those of the process.
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

    /// Leaves out the environment, which contains access tokens.
    @Override
    public String toString() {
        return "ModelSettings[cache=%s, offline=%s]".formatted(cache, offline);
    }
}
