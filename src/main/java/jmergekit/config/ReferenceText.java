package jmergekit.config;

import java.util.ArrayList;
import java.util.List;
import jmergekit.model.AdapterReference;
import jmergekit.model.ModelReference;

/// Writes model references as in recipes.
public final class ReferenceText {
    private ReferenceText() {}

    /// As text, or as a mapping on one line if text cannot express it.
    public static String of(ModelReference reference) {
        boolean plain = reference.overrideArchitecture().isEmpty() && isPlain(reference.path());
        return plain && reference.adapter().map(ReferenceText::isPlain).orElse(true)
                ? YamlScalar.of(reference.toString())
                : mapping(reference);
    }

    private static boolean isPlain(AdapterReference adapter) {
        return isPlain(adapter.path());
    }

    // Text with these characters is split, unless a folder has this name.
    private static boolean isPlain(String path) {
        return path.indexOf('+') < 0 && path.indexOf('@') < 0;
    }

    private static String mapping(ModelReference reference) {
        List<String> entries = new ArrayList<>();
        entries.add("path: " + YamlScalar.of(reference.path()));
        reference.revision().ifPresent(r -> entries.add("revision: " + YamlScalar.of(r)));
        reference.adapter().ifPresent(a -> entries.add("lora: " + mapping(a)));
        reference
                .overrideArchitecture()
                .ifPresent(o -> entries.add("override_architecture: " + YamlScalar.of(o)));
        return "{" + String.join(", ", entries) + "}";
    }

    private static String mapping(AdapterReference adapter) {
        String revision = adapter.revision().map(r -> ", revision: " + YamlScalar.of(r)).orElse("");
        return "{path: " + YamlScalar.of(adapter.path()) + revision + "}";
    }
}
