package jmergekit.cluster;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import jmergekit.MergePlan;
import jmergekit.ModelSettings;
import jmergekit.Models;
import org.jspecify.annotations.Nullable;

/// A plan for processes with the same file system, and the paths that they need for it.
///
/// @param workingDirectory the base of relative paths
/// @param cache the cache of downloaded models, if not the usual one
/// @param json as [MergePlan#toJson] writes it
public record SharedPlan(String workingDirectory, @Nullable String cache, String json)
        implements Serializable {
    private static final Map<Place, Models> SESSIONS = new ConcurrentHashMap<>();

    private static @Nullable Opened latest;

    private record Place(String workingDirectory, @Nullable String cache) {}

    private record Opened(SharedPlan shared, MergePlan plan) {}

    /// The plan with its files. A process opens them once, and keeps the plan until another one is
    /// requested.
    public MergePlan open() {
        synchronized (SharedPlan.class) {
            Opened known = latest;
            if (known == null || !known.shared().equals(this)) {
                known = new Opened(this, session().planFromJson(json));
                latest = known;
            }
            return known.plan();
        }
    }

    // It is never closed: it lives as long as the process.
    private Models session() {
        return SESSIONS.computeIfAbsent(
                new Place(workingDirectory, cache),
                place -> {
                    ModelSettings settings = ModelSettings.defaults();
                    return Models.open(
                            Path.of(workingDirectory),
                            place.cache() == null
                                    ? settings
                                    : settings.cache(Path.of(place.cache())));
                });
    }
}
