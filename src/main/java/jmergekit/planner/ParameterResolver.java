package jmergekit.planner;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import jmergekit.config.Located;
import jmergekit.config.MergeConfig;
import jmergekit.config.ParameterSet;
import jmergekit.config.Setting;
import jmergekit.method.MethodInfo;
import jmergekit.method.Param;
import jmergekit.method.Parameters;
import jmergekit.method.Value;
import jmergekit.model.ModelReference;
import jmergekit.problem.Location;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.Suggestion;

/// Finds the value of every parameter for a tensor, from the first level that has one: the model's
/// own setting (for parameters that models may set), the slice, the setting that the recipe gives
/// the model everywhere, the module, the recipe, the default. A level whose conditions do not match
/// the tensor is skipped.
public final class ParameterResolver {
    private static final String OUT = "is out of range";

    private final MergeConfig config;
    private final MethodInfo method;
    private final Problems problems;
    private final Map<String, ParameterSet> ofModels = new HashMap<>();
    private final Set<String> missing = new HashSet<>();

    /// Parameters that a refused setting was meant for: reporting them as missing too would be
    /// redundant.
    private final Set<String> meant = new HashSet<>();

    private boolean complete;

    public ParameterResolver(MergeConfig config, MethodInfo method, Problems problems) {
        this.config = config;
        this.method = method;
        this.problems = problems;
        config.inputModelParameters()
                .forEach(m -> ofModels.put(m.model().value().toString(), m.parameters()));
        if (problems.hasErrors()) {
            findMeant();
        }
    }

    private void findMeant() {
        List<String> known = method.params().stream().map(Param::name).toList();
        ParameterLevel.all(config)
                .forEach(level ->
                        level.parameters().settings().keySet().stream()
                                .filter(name -> !known.contains(name))
                                .forEach(name ->
                                        Suggestion.closest(name, known).ifPresent(meant::add)));
        List<String> models =
                References.all(config).stream().map(ModelReference::toString).toList();
        ofModels.forEach((model, parameters) -> {
            if (!models.contains(model)) {
                meant.addAll(parameters.settings().keySet());
            }
        });
    }

    /// A source of a tensor.
    ///
    /// @param model its name in messages
    /// @param own its own settings
    /// @param ownName the tensor name that these settings are matched against
    public record Source(String model, ParameterSet own, String ownName) {}

    /// The values for one output tensor.
    ///
    /// @param unmatched the sources to leave out, in recipes with `default: base`: those for which a
    ///     parameter is set only with filters that do not match. If a parameter of the whole tensor
    ///     is, these are all sources but the base
    public record Resolved(Parameters parameters, Set<Integer> unmatched) {}

    /// The values for one output tensor; empty if a required one is missing.
    ///
    /// @param base the index of the base model's source
    /// @param slice the settings of the slice
    /// @param module the settings of the module
    /// @param position in the slice, for gradients
    public Optional<Resolved> resolve(
            String name,
            List<Source> sources,
            int base,
            ParameterSet slice,
            ParameterSet module,
            double position) {
        complete = true;
        List<ParameterSet> levels = List.of(slice, module, config.parameters());
        Map<String, Value> global = new HashMap<>();
        List<Map<String, Value>> perSource = new ArrayList<>();
        Set<Integer> unmatched = new HashSet<>();
        boolean leavesBase = false;
        for (Param param : method.params()) {
            if (!param.perModel()) {
                Optional<Value> value = value(levels, param, name, position);
                if (value.isPresent()) {
                    if (!(param.common() && value.equals(param.defaultValue()))) {
                        global.put(param.name(), rising(param, value.get(), position));
                    }
                } else if (keepsBase(param, levels)) {
                    leavesBase = true;
                } else {
                    missing(param, Optional.empty(), name, levels);
                }
            }
        }
        for (int i = 0; i < sources.size(); i++) {
            Source source = sources.get(i);
            ParameterSet ofModel = ofModels.getOrDefault(source.model(), ParameterSet.EMPTY);
            List<ParameterSet> own =
                    List.of(source.own(), slice, ofModel, module, config.parameters());
            Optional<Map<String, Value>> values = ofSource(source, i == base, own, position);
            perSource.add(values.orElse(Map.of()));
            if (i != base && (leavesBase || values.isEmpty())) {
                unmatched.add(i);
            }
        }
        return complete
                ? Optional.of(new Resolved(new Parameters(global, perSource), unmatched))
                : Optional.empty();
    }

    private static Value rising(Param param, Value value, double position) {
        return param.rising() && value instanceof Value.Number(double number)
                ? Value.of(number * position)
                : value;
    }

    // Empty if the recipe leaves out the source.
    private Optional<Map<String, Value>> ofSource(
            Source source, boolean isBase, List<ParameterSet> own, double position) {
        Map<String, Value> values = new HashMap<>();
        boolean leftOut = false;
        for (Param param : method.params()) {
            if (param.perModel()) {
                Optional<Value> value = value(own, param, source.ownName(), position);
                if (value.isPresent()) {
                    values.put(param.name(), value.get());
                } else if (keepsBase(param, own)) {
                    leftOut = true;
                } else if (!isBase) {
                    missing(param, Optional.of(source.model()), source.ownName(), own);
                }
            }
        }
        return leftOut ? Optional.empty() : Optional.of(values);
    }

    // Whether a parameter without a matching value means the base's tensor.
    private boolean keepsBase(Param param, List<ParameterSet> levels) {
        return config.defaultBase().isPresent()
                && levels.stream().anyMatch(l -> l.settings().containsKey(param.name()));
    }

    private Optional<Value> value(
            List<ParameterSet> levels, Param param, String name, double position) {
        for (ParameterSet level : levels) {
            Optional<Value> value = level.value(param.name(), name, position);
            if (value.isPresent()) {
                check(param, value.get(), level);
                return value;
            }
        }
        return keepsBase(param, levels) ? Optional.empty() : param.defaultValue();
    }

    private void check(Param param, Value value, ParameterSet level) {
        if (param.allows(value)) {
            return;
        }
        Location at = level.settings().get(param.name()).at();
        String what = "'" + param.name() + "' ";
        problems.add(
                Problem.recipe(at, what + (isAboutWords(param) ? unknown(param, value) : OUT))
                        .expected(param.valuesText())
                        .found(found(value)));
    }

    private static boolean isAboutWords(Param param) {
        return param.kind() == Param.Kind.WORD || param.kind() == Param.Kind.WORDS;
    }

    private static String unknown(Param param, Value value) {
        List<Value> items = value instanceof Value.Items(var all) ? all : List.of(value);
        return "cannot have this value"
                + items.stream()
                        .filter(i -> !param.allows(i))
                        .map(i -> Suggestion.didYouMean(i.toString(), param.words()))
                        .findFirst()
                        .orElse("");
    }

    private static String found(Value value) {
        return switch (value) {
            case Value.Number(double number) -> String.valueOf(number);
            case Value.Word(String word) -> "'" + word + "'";
            case Value.Items _ -> value.toString();
        };
    }

    // Reported only for the first tensor: the others would repeat it.
    private void missing(
            Param param, Optional<String> model, String tensor, List<ParameterSet> levels) {
        complete = false;
        if (!missing.add(param.name() + "\n" + model.orElse("")) || meant.contains(param.name())) {
            return;
        }
        String whose = model.map(m -> " for model '" + m + "'").orElse("");
        Optional<Located<Setting>> conditional =
                levels.stream()
                        .map(l -> l.settings().get(param.name()))
                        .filter(s -> s != null)
                        .findFirst();
        String what =
                "merge method '%s' needs parameter '%s'%s"
                        .formatted(method.name(), param.name(), whose);
        if (conditional.isPresent()) {
            problems.add(
                    Problem.recipe(
                                    conditional.get().at(),
                                    what + ", and no filter given matches tensor '" + tensor + "'")
                            .hint("add a last entry '- value: …' without a filter"));
        } else {
            Location at =
                    model.flatMap(m -> ModelPlaces.first(config, m))
                            .orElse(config.mergeMethod().at());
            problems.add(
                    Problem.recipe(at, what)
                            .hint(
                                    param.perModel()
                                            ? "set it under the model's 'parameters', or under the"
                                                    + " top-level 'parameters' for all"
                                            : "set it under the top-level 'parameters'"));
        }
    }
}
