package jmergekit.recipes;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jmergekit.method.MergeMethod;
import jmergekit.method.MergeMethods;
import jmergekit.method.MethodInfo;
import jmergekit.method.MethodInfo.Base;
import jmergekit.method.Param;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.Suggestion;

/// A merge described by command-line options, as before recipes existed.
///
/// @param method the merge method's name
/// @param baseModel the model that differences are taken from
/// @param models to be merged
/// @param weights one for each model, or none
/// @param densities one for each model, or none
/// @param normalize whether to divide by the weights, if given
/// @param int8Mask whether the recipe gets this parameter
/// @param dtype of the output, if it differs from that of the models
public record LegacyCall(
        String method,
        Optional<String> baseModel,
        List<String> models,
        List<Double> weights,
        List<Double> densities,
        Optional<Boolean> normalize,
        boolean int8Mask,
        Optional<String> dtype) {
    private static final List<String> PARAMETERS =
            List.of("weight", "density", "normalize", "int8_mask");

    public LegacyCall {
        models = List.copyOf(models);
        weights = List.copyOf(weights);
        densities = List.copyOf(densities);
    }

    /// The names of the values on the command line, as in `--merge`.
    public record Names(
            String models,
            String weights,
            String densities,
            String method,
            String baseModel,
            String normalize) {}

    /// The equivalent recipe; empty if there is none, with the reasons in `problems`.
    ///
    /// @param methods that the call may name
    public Optional<String> recipe(Names names, MergeMethods methods, Problems problems) {
        Problems found = new Problems();
        if (models.isEmpty()) {
            found.add(
                    Problem.usage(names.models(), "no model is given")
                            .hint(
                                    "give each model with its values: %s MODEL %s W"
                                            .formatted(names.models(), names.weights())));
        }
        Optional<MethodInfo> info = methods.named(method).map(MergeMethod::info);
        if (info.isEmpty()) {
            List<String> known = methods.names();
            found.add(
                    Problem.usage(
                                    names.method(),
                                    "unknown merge method '%s'%s"
                                            .formatted(
                                                    method, Suggestion.didYouMean(method, known)))
                            .expected("one of " + String.join(", ", known)));
        }
        info.ifPresent(i -> check(i, names, found));
        problems.addAll(found);
        return found.hasErrors() ? Optional.empty() : info.map(this::text);
    }

    private void check(MethodInfo info, Names names, Problems problems) {
        boolean needsBase = info.base() == Base.REQUIRED;
        if (needsBase && baseModel.isEmpty()) {
            problems.add(
                    Problem.usage(
                            names.baseModel(),
                            "merge method '%s' needs a base model".formatted(method)));
        } else if (info.base() == Base.ORDINARY && baseModel.isPresent()) {
            problems.add(
                    Problem.usage(
                                    names.baseModel(),
                                    "merge method '%s' takes no base model".formatted(method))
                            .hint(
                                    "give it as another %s, or leave it out"
                                            .formatted(names.models())));
        }
        checkValues(names.weights(), "weight", weights, info, names, problems);
        checkValues(names.densities(), "density", densities, info, names, problems);
        if (normalize.isPresent()) {
            checkKnown(names.normalize(), "normalize", info, problems);
        }
        for (Param param : info.params()) {
            if (param.defaultValue().isEmpty() && !PARAMETERS.contains(param.name())) {
                problems.add(
                        Problem.usage(
                                        names.method(),
                                        "merge method '%s' needs '%s', which cannot be set by an option"
                                                .formatted(method, param.name()))
                                .hint("write a recipe for mergekit yaml"));
            }
        }
    }

    // The meaning of a missing weight or density was never documented.
    private void checkValues(
            String option,
            String name,
            List<Double> values,
            MethodInfo info,
            Names names,
            Problems problems) {
        if (!values.isEmpty()) {
            checkKnown(option, name, info, problems);
        }
        boolean wanted = info.param(name).isPresent() || !values.isEmpty();
        if (wanted && !models.isEmpty() && values.size() != models.size()) {
            problems.add(
                    Problem.usage(option, "each model needs one " + name)
                            .expected(
                                    "%d, one for each %s".formatted(models.size(), names.models()))
                            .found(String.valueOf(values.size())));
        }
        values.stream()
                .filter(v -> !Double.isFinite(v))
                .forEach(v ->
                        problems.add(
                                Problem.usage(option, "is not finite")
                                        .expected("a finite number")
                                        .found(String.valueOf(v))));
    }

    private void checkKnown(String option, String name, MethodInfo info, Problems problems) {
        if (info.param(name).isEmpty()) {
            problems.add(
                    Problem.usage(option, "merge method '%s' has no '%s'".formatted(method, name))
                            .hint("leave the option out"));
        }
    }

    private String text(MethodInfo info) {
        StringBuilder text = new StringBuilder();
        text.append("merge_method: ").append(method).append('\n');
        baseModel.ifPresent(b -> text.append("base_model: ").append(YamlWord.of(b)).append('\n'));
        text.append("models:\n");
        for (int i = 0; i < models.size(); i++) {
            text.append("  - model: ").append(YamlWord.of(models.get(i))).append('\n');
            List<String> own = new ArrayList<>();
            if (!weights.isEmpty()) {
                own.add("weight: " + weights.get(i));
            }
            if (!densities.isEmpty()) {
                own.add("density: " + densities.get(i));
            }
            text.append(parameters("    ", own));
        }
        List<String> all = new ArrayList<>();
        normalize.ifPresent(n -> all.add("normalize: " + n));
        if (int8Mask && info.param("int8_mask").isPresent()) {
            all.add("int8_mask: true");
        }
        text.append(parameters("", all));
        dtype.ifPresent(d -> text.append("dtype: ").append(d).append('\n'));
        return text.toString();
    }

    private static String parameters(String indent, List<String> entries) {
        return entries.isEmpty()
                ? ""
                : indent
                        + "parameters:\n"
                        + String.join(
                                "", entries.stream().map(e -> indent + "  " + e + "\n").toList());
    }
}
