package jmergekit.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jmergekit.model.ModelReference;
import jmergekit.problem.Location;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.Suggestion;

/// Reads `models`, `slices` and `modules`, of which a recipe has exactly one.
record CompositionReader(
        ReferenceReader references, ParameterReader parameters, Problems problems) {
    Optional<Composition> ofRecipe(Fields recipe) {
        return read(recipe, "the recipe");
    }

    private Optional<Composition> read(Fields fields, String place) {
        List<String> allowed = fields.section().choices().getFirst().keys();
        List<String> present = allowed.stream().filter(k -> fields.value(k).isPresent()).toList();
        if (present.size() != 1) {
            problems.add(notExactlyOne(fields, allowed, present, place));
            return Optional.empty();
        }
        String key = present.getFirst();
        return switch (key) {
            case "models" -> Optional.of(new Composition.WholeModels(models(fields)));
            case "slices" -> Optional.of(new Composition.Slices(slices(fields)));
            default -> Optional.of(new Composition.Modules(modules(fields)));
        };
    }

    private static Problem notExactlyOne(
            Fields fields, List<String> allowed, List<String> present, String place) {
        Location second =
                present.isEmpty()
                        ? fields.at()
                        : fields.mapping().entry(present.get(1)).orElseThrow().key().at();
        Problem problem =
                Problem.recipe(second, "need exactly one of " + quoted(allowed) + " in " + place)
                        .expected("one")
                        .found(present.isEmpty() ? "none" : quoted(present));
        if (!present.isEmpty()) {
            return problem.hint("keep only one of them");
        }
        return fields.mapping().entries().stream()
                .map(entry -> entry.key().text())
                .filter(key -> !allowed.contains(key))
                .flatMap(key ->
                        Suggestion.closest(key, allowed).stream()
                                .map(k -> "is '" + key + "' meant to be '" + k + "'?"))
                .findFirst()
                .map(problem::hint)
                .orElse(problem);
    }

    private static String quoted(List<String> keys) {
        List<String> quoted = keys.stream().map(key -> "'" + key + "'").toList();
        return String.join(", ", quoted.subList(0, quoted.size() - 1)) + " and " + quoted.getLast();
    }

    private List<InputModel> models(Fields fields) {
        List<InputModel> models = new ArrayList<>();
        for (YamlNode item : fields.items("models", "a list of mappings with 'model'")) {
            Optional<Fields> entry = parameters.level(item, Section.MODEL, "an entry of 'models'");
            if (entry.isPresent()) {
                ParameterSet own = parameters.read(entry.get());
                Optional<Located<ModelReference>> statistics = statistics(entry.get());
                model(entry.get(), "an entry of 'models'")
                        .ifPresent(model -> models.add(new InputModel(model, own, statistics)));
            }
        }
        return models;
    }

    private Optional<Located<ModelReference>> model(Fields entry, String place) {
        return entry.required("model", place).flatMap(node -> references.located(node, "model"));
    }

    // A path is written like that of a model.
    private Optional<Located<ModelReference>> statistics(Fields entry) {
        return entry.text(MergeKeys.STATISTICS)
                .flatMap(_ -> references.read(entry, MergeKeys.STATISTICS));
    }

    private List<OutputSlice> slices(Fields fields) {
        List<OutputSlice> slices = new ArrayList<>();
        for (YamlNode item : fields.items("slices", "a list of mappings with 'sources'")) {
            Optional<Fields> entry = parameters.level(item, Section.SLICE, "an entry of 'slices'");
            entry.ifPresent(slice -> slices.add(slice(slice)));
        }
        return slices;
    }

    private OutputSlice slice(Fields slice) {
        slice.required("sources", "an entry of 'slices'");
        List<SliceSource> sources = new ArrayList<>();
        for (YamlNode item : slice.items("sources", "a list of mappings with 'model'")) {
            parameters
                    .level(item, Section.SOURCE, "an entry of 'sources'")
                    .flatMap(this::source)
                    .ifPresent(sources::add);
        }
        return new OutputSlice(
                sources, references.read(slice, "base_model"), parameters.read(slice), slice.at());
    }

    private Optional<SliceSource> source(Fields source) {
        Optional<LayerRange> range = source.value("layer_range").flatMap(this::layers);
        ParameterSet own = parameters.read(source);
        Optional<Located<ModelReference>> statistics = statistics(source);
        return model(source, "an entry of 'sources'")
                .map(model -> new SliceSource(model, range, statistics, own, source.at()));
    }

    private Optional<LayerRange> layers(YamlNode node) {
        return new LayerRangeReader(0, problems).read("layer_range", node);
    }

    private List<ModuleConfig> modules(Fields fields) {
        YamlNode node = fields.value("modules").orElseThrow();
        if (!(node instanceof YamlNode.Mapping mapping) || mapping.entries().isEmpty()) {
            problems.add(Fields.wrongForm("'modules'", "a mapping of module names", node));
            return List.of();
        }
        List<ModuleConfig> modules = new ArrayList<>();
        for (YamlNode.Entry entry : mapping.entries()) {
            String name = entry.key().text();
            String subject = "module '" + name + "'";
            Optional<Fields> module = parameters.level(entry.value(), Section.MODULE, subject);
            if (module.isPresent()) {
                ParameterSet own = parameters.read(module.get());
                read(module.get(), subject)
                        .ifPresent(composition ->
                                modules.add(
                                        new ModuleConfig(
                                                name, composition, own, entry.key().at())));
            }
        }
        return modules;
    }
}
