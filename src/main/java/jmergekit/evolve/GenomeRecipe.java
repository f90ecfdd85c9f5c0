package jmergekit.evolve;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import jmergekit.config.GenomeConfig;
import jmergekit.config.Located;
import jmergekit.config.ReferenceText;
import jmergekit.config.VariableNames;
import jmergekit.config.YamlScalar;
import jmergekit.model.ModelReference;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.search.Point;
import jmergekit.search.Space;
import jmergekit.search.Variable;

/// A merge whose parameters are searched, in mergekit's format. A value without bounds is chosen
/// for each group of layers, model, set of tensors and parameter of the method; the last of these
/// varies fastest.
///
/// Source: the page about `mergekit-evolve` in mergekit's documentation.
final class GenomeRecipe implements SearchedRecipe {
    static final String LINEAR = "linear";
    static final String SLERP = "slerp";
    private static final String DTYPE = "dtype: bfloat16\n";
    private static final int MOST_VALUES = 100_000;

    private final GenomeConfig genome;
    private final LayerGroups groups;
    private final List<ModelReference> models;
    private final Space space;

    private GenomeRecipe(GenomeConfig genome, LayerGroups groups) {
        this.genome = genome;
        this.groups = groups;
        this.models = genome.models().stream().map(Located::value).toList();
        this.space = new Space(variables());
    }

    /// Empty after adding a problem.
    static Optional<SearchedRecipe> of(GenomeConfig genome, LayerCount count, Problems problems) {
        return LayerGroups.of(genome, count, problems)
                .filter(g -> isSmallEnough(genome, g, problems))
                .map(g -> new GenomeRecipe(genome, g));
    }

    private static boolean isSmallEnough(GenomeConfig genome, LayerGroups g, Problems problems) {
        long values = (long) g.count() * genome.models().size() * (genome.filters().size() + 1) * 2;
        if (values > MOST_VALUES) {
            problems.add(
                    Problem.recipe(genome.method().at(), "the genome has too many values")
                            .expected("at most " + MOST_VALUES));
        }
        return values <= MOST_VALUES;
    }

    @Override
    public Space space() {
        return space;
    }

    private List<Variable> variables() {
        Map<ModelReference, String> names = VariableNames.ofModels(models);
        List<String> parameters = parameters();
        List<String> texts = new ArrayList<>();
        for (int group = 0; group < groups.count(); group++) {
            for (ModelReference model : models) {
                for (int set = 0; set < sets(); set++) {
                    for (String parameter : parameters) {
                        texts.add(name(group, names.get(model), set, parameter));
                    }
                }
            }
        }
        List<String> unique = VariableNames.unique(texts);
        List<Variable> variables = new ArrayList<>();
        for (int i = 0; i < unique.size(); i++) {
            boolean first = i % parameters.size() == 0;
            double start = first ? 1.0 / models.size() : 1;
            variables.add(Variable.Real.unbounded(unique.get(i), start));
        }
        return variables;
    }

    private String name(int group, String model, int set, String parameter) {
        List<String> parts = new ArrayList<>();
        if (groups.count() > 1) {
            parts.add(groups.name(group));
        }
        parts.add(model);
        if (sets() > 1) {
            parts.add(set < sets() - 1 ? genome.filters().get(set).value() : "rest");
        }
        parts.add(parameter);
        return String.join(" · ", parts);
    }

    private String method() {
        return genome.method().value();
    }

    /// The parameters of a model, beginning with its weight.
    private List<String> parameters() {
        return switch (method()) {
            case SLERP -> List.of("t");
            case "ties", "dare_ties" -> List.of("weight", "density");
            default -> List.of("weight");
        };
    }

    /// The number of sets of tensors with separate values.
    private int sets() {
        return genome.filters().size() + 1;
    }

    @Override
    public String recipe(Point point) {
        StringBuilder recipe = new StringBuilder("merge_method: " + method() + "\n");
        genome.baseModel().ifPresent(b -> recipe.append(line("base_model", b.value())));
        if (method().equals(SLERP)) {
            recipe.append(new SlerpSlices(models, groups).text(point));
        } else if (genome.smooth()) {
            recipe.append("models:\n");
            entries(recipe, "  ", Optional.empty(), point);
        } else {
            recipe.append("slices:\n");
            for (int group = 0; group < groups.count(); group++) {
                recipe.append("  - sources:\n");
                entries(recipe, "      ", Optional.of(group), point);
            }
        }
        recipe.append("parameters:\n");
        normalize().ifPresent(n -> recipe.append("  normalize: ").append(n).append('\n'));
        return recipe.append("  int8_mask: true\n")
                .append(DTYPE)
                .append(genome.tokenizerSource().map(t -> tokenizer(t.value())).orElse(""))
                .toString();
    }

    private static String line(String key, ModelReference model) {
        return key + ": " + ReferenceText.of(model) + "\n";
    }

    private static String tokenizer(String source) {
        return "tokenizer_source: " + YamlScalar.of(source) + "\n";
    }

    private Optional<Boolean> normalize() {
        List<String> usually = List.of(LINEAR, "ties", "dare_ties");
        return genome.normalize()
                .or(() -> usually.contains(method()) ? Optional.of(true) : Optional.empty());
    }

    /// The entries of `models`, or of `sources` for a group.
    private void entries(
            StringBuilder recipe, String indent, Optional<Integer> group, Point point) {
        String range =
                group.map(g -> indent + "  layer_range: " + groups.range(g) + "\n").orElse("");
        for (int model = 0; model < models.size(); model++) {
            recipe.append(indent).append("- ").append(line("model", models.get(model)));
            recipe.append(range).append(indent).append("  parameters:\n");
            for (int parameter = 0; parameter < parameters().size(); parameter++) {
                List<String> values = new ArrayList<>();
                for (int set = 0; set < sets(); set++) {
                    values.add(value(group, model, set, parameter, point));
                }
                parameter(recipe, indent + "    ", parameters().get(parameter), values);
            }
        }
        Optional<ModelReference> base =
                genome.baseModel().map(Located::value).filter(b -> !models.contains(b));
        if (base.isPresent() && group.isPresent()) {
            recipe.append(indent).append("- ").append(line("model", base.get())).append(range);
        }
        // This method treats a base like other models, so it needs a weight.
        if (base.isPresent() && method().equals(LINEAR)) {
            if (group.isEmpty()) {
                recipe.append(indent).append("- ").append(line("model", base.get()));
            }
            recipe.append(indent).append("  parameters:\n");
            recipe.append(indent).append("    weight: 0.0\n");
        }
    }

    private void parameter(StringBuilder recipe, String indent, String name, List<String> values) {
        recipe.append(indent).append(name).append(':');
        if (values.size() == 1) {
            recipe.append(' ').append(values.getFirst()).append('\n');
            return;
        }
        recipe.append('\n');
        for (int set = 0; set < values.size() - 1; set++) {
            String filter = YamlScalar.of(genome.filters().get(set).value());
            recipe.append(indent).append("  - filter: ").append(filter).append('\n');
            recipe.append(indent).append("    value: ").append(values.get(set)).append('\n');
        }
        recipe.append(indent).append("  - value: ").append(values.getLast()).append('\n');
    }

    /// A number for one group, or a list of the numbers of all groups.
    private String value(Optional<Integer> group, int model, int set, int parameter, Point point) {
        if (group.isPresent()) {
            return YamlScalar.of(number(group.get(), model, set, parameter, point));
        }
        List<String> numbers = new ArrayList<>();
        for (int g = 0; g < groups.count(); g++) {
            numbers.add(YamlScalar.of(number(g, model, set, parameter, point)));
        }
        return numbers.stream().collect(Collectors.joining(", ", "[", "]"));
    }

    private double number(int group, int model, int set, int parameter, Point point) {
        int parameters = parameters().size();
        int index = ((group * models.size() + model) * sets() + set) * parameters + parameter;
        double x = point.get(index);
        boolean density = parameter == 1;
        if (density) {
            return Math.min(Math.abs(x), 1);
        }
        return genome.allowNegativeWeights() ? x : Math.abs(x);
    }

    @Override
    public List<Baseline> baselines() {
        Optional<ModelReference> base = genome.baseModel().map(Located::value);
        List<ModelReference> equal =
                List.of(LINEAR, SLERP).contains(method())
                        ? models
                        : models.stream().filter(m -> !base.equals(Optional.of(m))).toList();
        String vocabulary =
                genome.tokenizerSource()
                        .map(t ->
                                t.value().equals("base") && base.isPresent()
                                        ? line("tokenizer_source", base.get())
                                        : tokenizer(t.value()))
                        .orElse("");
        return new Baselines(models, base, equal, DTYPE, vocabulary).list();
    }
}
