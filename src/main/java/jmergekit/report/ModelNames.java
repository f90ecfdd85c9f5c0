package jmergekit.report;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jmergekit.compare.ModelDifference;

/// Short names of models: the last part of their path, if that is unique.
final class ModelNames {
    private final Map<String, String> brief = new HashMap<>();

    /// @param models as named in the recipe
    ModelNames(List<String> models) {
        Set<String> taken = new HashSet<>();
        List<String> different = models.stream().distinct().toList();
        boolean tells = different.stream().map(ModelNames::last).allMatch(taken::add);
        different.forEach(model -> brief.put(model, tells ? last(model) : model));
    }

    private static String last(String model) {
        // An adapter follows its model.
        String path = model.replaceAll("[/\\\\]+(?=$|\\+)", "");
        String[] parts = path.split("\\+");
        StringBuilder name = new StringBuilder();
        for (String part : parts) {
            String end =
                    part.substring(Math.max(part.lastIndexOf('/'), part.lastIndexOf('\\')) + 1);
            name.append(name.isEmpty() ? "" : "+").append(end);
        }
        return name.isEmpty() ? model : name.toString();
    }

    /// The short name of a model; other text is returned unchanged.
    String of(String model) {
        String known = brief.get(model);
        if (known != null) {
            return known;
        }
        int number = model.lastIndexOf(" (");
        String name = number < 0 ? null : brief.get(model.substring(0, number));
        return name == null ? model : name + model.substring(number);
    }

    ModelDifference of(ModelDifference models) {
        return new ModelDifference(
                models.models().stream().map(this::of).toList(),
                models.hasBase(),
                models.tensors(),
                models.skipped(),
                models.files());
    }

    List<ParameterValues> of(List<ParameterValues> all) {
        return all.stream()
                .map(v ->
                        new ParameterValues(
                                v.method(),
                                v.name(),
                                v.source().map(this::of),
                                v.curves(),
                                v.outside()))
                .toList();
    }
}
