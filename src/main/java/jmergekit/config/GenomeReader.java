package jmergekit.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import jmergekit.model.ModelReference;
import jmergekit.problem.Location;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.Suggestion;

/// Reads `genome`.
record GenomeReader(ReferenceReader references, Problems problems) {
    private static final String PLACE = "'genome'";
    private static final String SLERP = "slerp";
    private static final List<String> OF_TASK_VECTORS =
            List.of("dare_ties", "task_arithmetic", "ties");
    static final List<String> METHODS =
            List.of("dare_ties", "linear", SLERP, "task_arithmetic", "ties");

    Optional<GenomeConfig> read(YamlNode node) {
        return Fields.of(node, Section.GENOME, PLACE, problems).flatMap(this::genome);
    }

    private Optional<GenomeConfig> genome(Fields fields) {
        List<Located<ModelReference>> models = models(fields);
        fields.required("merge_method", PLACE);
        Optional<Located<String>> method = fields.text("merge_method");
        method.ifPresent(this::checkMethod);
        Optional<Located<ModelReference>> base = references.read(fields, "base_model");
        Optional<Located<String>> tokenizer = fields.text("tokenizer_source");
        new TokenizerReader(references, problems).read(fields);
        Optional<Located<Integer>> granularity =
                fields.count("layer_granularity").filter(g -> g.value() > 0);
        Optional<Boolean> normalize = fields.flag("normalize");
        boolean negative = fields.flag("allow_negative_weights").orElse(false);
        boolean smooth = fields.flag("smooth").orElse(false);
        List<Located<String>> filters = filters(fields);
        if (method.isEmpty()) {
            return Optional.empty();
        }
        GenomeConfig genome =
                new GenomeConfig(
                        models,
                        method.get(),
                        base,
                        tokenizer,
                        granularity,
                        normalize,
                        negative,
                        smooth,
                        filters);
        check(genome, fields);
        return Optional.of(genome);
    }

    private List<Located<ModelReference>> models(Fields fields) {
        fields.required("models", PLACE);
        List<Located<ModelReference>> models = new ArrayList<>();
        Set<ModelReference> seen = new HashSet<>();
        for (YamlNode item : fields.items("models", "a list of models")) {
            Optional<Located<ModelReference>> model = references.located(item, "models");
            model.ifPresent(models::add);
            model.filter(m -> !seen.add(m.value()))
                    .ifPresent(m ->
                            problems.add(
                                    Problem.recipe(m.at(), "duplicate model")
                                            .found("'" + m.value() + "'")));
        }
        return models;
    }

    private void checkMethod(Located<String> method) {
        if (!METHODS.contains(method.value())) {
            problems.add(
                    Problem.recipe(
                                    method.at(),
                                    "'genome' does not support merge method '%s'%s"
                                            .formatted(
                                                    method.value(),
                                                    Suggestion.didYouMean(method.value(), METHODS)))
                            .expected("one of " + String.join(", ", METHODS))
                            .hint(
                                    "for any other method, write a recipe with search marks such "
                                            + "as 'weight: {search: [0, 1.5]}'"));
        }
    }

    private List<Located<String>> filters(Fields fields) {
        List<Located<String>> filters = fields.texts("filters");
        Set<String> seen = new HashSet<>();
        filters.stream()
                .filter(f -> !seen.add(f.value()))
                .forEach(f ->
                        problems.add(
                                Problem.recipe(f.at(), "duplicate filter")
                                        .found("'" + f.value() + "'")));
        return filters;
    }

    private void check(GenomeConfig genome, Fields fields) {
        String method = genome.method().value();
        if (OF_TASK_VECTORS.contains(method) && genome.baseModel().isEmpty()) {
            fields.required("base_model", PLACE + ", which " + method + " needs");
        }
        if (!method.equals(SLERP)) {
            return;
        }
        if (!genome.models().isEmpty() && genome.models().size() < 2) {
            problems.add(
                    Problem.recipe(genome.models().getFirst().at(), "too few models for slerp")
                            .expected("two or more")
                            .found("one"));
        }
        if (!genome.filters().isEmpty()) {
            refuse("filters", genome.filters().getFirst().at());
        }
        if (genome.smooth()) {
            refuse("smooth", place(fields, "smooth"));
        }
    }

    private void refuse(String key, Location at) {
        problems.add(
                Problem.recipe(at, "'" + key + "' has no effect with slerp")
                        .hint(
                                "omit it: each group of layers interpolates between its own two "
                                        + "models"));
    }

    private static Location place(Fields fields, String key) {
        return fields.mapping().entry(key).map(YamlNode.Entry::at).orElse(fields.at());
    }
}
