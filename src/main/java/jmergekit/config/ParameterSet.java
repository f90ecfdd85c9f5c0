package jmergekit.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import jmergekit.method.Value;

/// The `parameters` of one level of a recipe, in the order written. A setting's place runs from its
/// name to the end of its value.
public record ParameterSet(Map<String, Located<Setting>> settings) {
    /// A level without parameters.
    public static final ParameterSet EMPTY = new ParameterSet(Map.of());

    public ParameterSet {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }

    /// The value that this level sets for `name` for a tensor at position `t` (0 to 1) of its
    /// slice. Empty if it does not set the parameter or no clause matches; the next level then
    /// decides.
    public Optional<Value> value(String name, String tensorName, double t) {
        Located<Setting> setting = settings.get(name);
        return setting == null ? Optional.empty() : setting.value().value(tensorName, t);
    }
}
