package jmergekit.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jmergekit.method.MergeMethods;
import jmergekit.problem.Location;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.Suggestion;
import jmergekit.search.Variable;

/// Reads recipes with search marks. The recipe at the start of the search is read like any other.
record MarkedReader(RecipeReader recipes, Problems problems) {
    private static final int MOST_VARIABLES = 10_000;

    Optional<MarkedConfig> read(String source, String text, Fields fields) {
        YamlNode.Mapping root = fields.mapping();
        List<MarkFinder.Found> found = MarkFinder.find(root);
        if (found.isEmpty()) {
            problems.add(nothing(root));
            return Optional.empty();
        }
        Optional<List<SearchMark>> marks = marks(found);
        if (marks.isEmpty()) {
            return Optional.empty();
        }
        List<TextSpan> removed =
                root.entries().stream()
                        .filter(e -> isOfSearch(e.key().text()))
                        .map(YamlNode.Entry::span)
                        .toList();
        SourceText content = SourceText.of(source, text);
        MarkedText marked =
                MarkedText.of(
                        content.text(),
                        marks.get().stream().map(SearchMark::span).toList(),
                        removed);
        List<String> start = marks.get().stream().map(SearchMark::start).toList();
        Problems own = new Problems();
        Optional<MergeConfig> config = recipes.read(source, marked.inItsLines(start), own);
        MarkedPlaces places = new MarkedPlaces(content, marked, start);
        own.all().stream()
                .filter(p -> !isAboutSearch(p, root))
                .forEach(p -> problems.add(places.inFile(p)));
        reportNearMisses(root);
        if (config.isEmpty()) {
            return Optional.empty();
        }
        new MarkedParameters(recipes.methods(), problems).check(found, marks.get(), config.get());
        MarkedCorners corners = new MarkedCorners(recipes, content, marked, marks.get());
        corners.report(false, own, problems);
        corners.report(true, own, problems);
        MarkedOptions.Read options =
                new MarkedOptions(recipes, content, marked, found, marks.get())
                        .read(config.get(), own, problems);
        return Optional.of(config(source, marked, marks.get(), start, options));
    }

    private static boolean isOfSearch(String key) {
        return Section.EVOLUTION.keys().contains(key) && !Section.RECIPE.keys().contains(key);
    }

    private static Problem nothing(YamlNode.Mapping root) {
        Problem problem = Problem.recipe(root.at(), "nothing is searched");
        return root.byKey().containsKey("merge_method")
                ? problem.expected("values such as 'weight: {search: [0, 1.5]}'")
                        .hint("use mergekit-yaml for a recipe with nothing to search")
                : problem.expected(
                        "'genome', 'stack' or a recipe with values such as 'weight: {search: [0,"
                                + " 1.5]}'");
    }

    /// The marks, with unique names for all variables; empty if a problem was added.
    private Optional<List<SearchMark>> marks(List<MarkFinder.Found> found) {
        MarkReader reader = new MarkReader(problems);
        Map<MarkFinder.Found, MarkValue> values = new LinkedHashMap<>();
        for (MarkFinder.Found mark : found) {
            Optional<MarkValue> value = reader.read(mark.mapping());
            value.ifPresent(v -> values.put(mark, v));
            if (mark.keys().equals(List.of("merge_method"))) {
                value.ifPresent(v -> checkMethods(v, mark.mapping().at()));
            }
        }
        List<Variable> variables = new ArrayList<>();
        values.forEach((mark, value) -> variables.addAll(value.variables(mark.name())));
        if (variables.size() > MOST_VARIABLES) {
            problems.add(
                    Problem.recipe(found.getFirst().mapping().at(), "too much is searched")
                            .expected("at most " + MOST_VARIABLES + " values")
                            .found(String.valueOf(variables.size())));
        }
        if (values.size() < found.size() || variables.size() > MOST_VARIABLES) {
            return Optional.empty();
        }
        return Optional.of(named(values, variables));
    }

    private static List<SearchMark> named(
            Map<MarkFinder.Found, MarkValue> values, List<Variable> variables) {
        List<String> names = VariableNames.unique(variables.stream().map(Variable::name).toList());
        List<SearchMark> marks = new ArrayList<>();
        int next = 0;
        for (Map.Entry<MarkFinder.Found, MarkValue> entry : values.entrySet()) {
            YamlNode.Mapping mapping = entry.getKey().mapping();
            List<Variable> own = new ArrayList<>();
            for (Variable variable : entry.getValue().variables(entry.getKey().name())) {
                own.add(renamed(variable, names.get(next++)));
            }
            marks.add(new SearchMark(own, entry.getValue(), mapping.span(), mapping.at()));
        }
        return marks;
    }

    private static Variable renamed(Variable variable, String name) {
        return switch (variable) {
            case Variable.Real r ->
                    new Variable.Real(
                            name, r.low(), r.high(), r.logarithmic(), r.start(), r.step());
            case Variable.Choice c -> new Variable.Choice(name, c.options(), c.start());
            case Variable.Flag f -> new Variable.Flag(name, f.start());
            case Variable.Order o -> new Variable.Order(name, o.items());
        };
    }

    private void checkMethods(MarkValue value, Location at) {
        MergeMethods methods = recipes.methods();
        if (!(value instanceof MarkValue.Choice choice)) {
            return;
        }
        for (String name : choice.options()) {
            if (methods.named(name).isEmpty()) {
                problems.add(
                        Problem.recipe(
                                        at,
                                        "unknown merge method '%s'%s"
                                                .formatted(
                                                        name,
                                                        Suggestion.didYouMean(
                                                                name, methods.names())))
                                .expected("one of " + String.join(", ", methods.names())));
            }
        }
    }

    // A misspelt key may belong to the search.
    private static boolean isAboutSearch(Problem problem, YamlNode.Mapping root) {
        return nearMisses(root).stream().anyMatch(e -> e.key().at().equals(problem.location()));
    }

    private void reportNearMisses(YamlNode.Mapping root) {
        YamlNode.Mapping misspelt =
                YamlNode.Mapping.of(nearMisses(root), root.size(), root.at(), root.span());
        Section.EVOLUTION.reportUnknownKeys(misspelt, recipes.methods(), problems);
    }

    private static List<YamlNode.Entry> nearMisses(YamlNode.Mapping root) {
        return root.entries().stream()
                .filter(e -> !Section.RECIPE.keys().contains(e.key().text()))
                .filter(e -> !Section.EVOLUTION.keys().contains(e.key().text()))
                .filter(e ->
                        Suggestion.closest(e.key().text(), Section.EVOLUTION.keys()).isPresent())
                .filter(e -> Suggestion.closest(e.key().text(), Section.RECIPE.keys()).isEmpty())
                .toList();
    }

    private MarkedConfig config(
            String source,
            MarkedText marked,
            List<SearchMark> marks,
            List<String> start,
            MarkedOptions.Read options) {
        MergeConfig first = options.configs().getFirst();
        MarkedModels models = MarkedModels.of(options.configs(), recipes.methods());
        String recipe = marked.clean(start);
        YamlNode.Mapping root =
                (YamlNode.Mapping)
                        YamlReader.documents(SourceText.of(source, recipe), new Problems())
                                .getFirst();
        String dtype = entry(root, "dtype", recipe) + entry(root, "out_dtype", recipe);
        String vocabulary =
                entry(root, "tokenizer", recipe) + entry(root, "tokenizer_source", recipe);
        boolean ofBase =
                first.tokenizer()
                        .filter(t -> t.source().value() instanceof VocabularySource.Base)
                        .isPresent();
        if (ofBase) {
            // The equal-weight merge has no base.
            vocabulary =
                    models.base()
                            .map(b -> "tokenizer_source: " + ReferenceText.of(b) + "\n")
                            .orElse("");
        }
        return new MarkedConfig(marked, marks, models, options, dtype, vocabulary);
    }

    private static String entry(YamlNode.Mapping root, String key, String recipe) {
        return MarkedText.entry(root, key, recipe).orElse("");
    }
}
