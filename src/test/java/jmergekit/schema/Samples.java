package jmergekit.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jmergekit.config.Choice;
import jmergekit.config.Form;
import jmergekit.config.Key;
import jmergekit.config.Naming;
import jmergekit.config.Section;

/// Small recipes in which one mapping is of a given section, made of what the sections say.
final class Samples {
    private Samples() {}

    static SchemaKind kind(Section section) {
        return switch (section) {
            case MIXTURE, EXPERT -> SchemaKind.MOE;
            case LAYER_SLICES, LAYER_SLICE -> SchemaKind.BAKLLAMA;
            case EVOLUTION, GENOME, STACK, BLOCK, MARK, TASK, EVALUATOR, LM_EVAL, ENDPOINT ->
                    SchemaKind.EVOLVE;
            default -> SchemaKind.MERGE;
        };
    }

    /// A recipe with this text as its mapping of the section.
    static String recipe(Section section, String mapping) {
        String template =
                switch (section) {
                    case RECIPE, MIXTURE, LAYER_SLICES, EVOLUTION -> "%s";
                    case MODEL -> "{merge_method: linear, models: [%s]}";
                    case SLICE -> "{merge_method: linear, slices: [%s]}";
                    case SOURCE -> "{merge_method: linear, slices: [{sources: [%s]}]}";
                    case MODULE -> "{merge_method: linear, modules: {default: %s}}";
                    case CLAUSE ->
                            "{merge_method: linear, models: [{model: a}],"
                                    + " parameters: {weight: [%s]}}";
                    case REFERENCE -> "{merge_method: linear, models: [{model: %s}]}";
                    case ADAPTER ->
                            "{merge_method: linear, models: [{model: {model: a, lora: %s}}]}";
                    case TOKENIZER -> "{merge_method: linear, models: [{model: a}], tokenizer: %s}";
                    case TOKEN ->
                            "{merge_method: linear, models: [{model: a}],"
                                    + " tokenizer: {tokens: {x: %s}}}";
                    case TOKEN_SOURCE ->
                            "{merge_method: linear, models: [{model: a}],"
                                    + " tokenizer: {tokens: {x: {source: %s}}}}";
                    case EXPERT -> "{base_model: a, experts: [%s]}";
                    case LAYER_SLICE -> "{layer_slices: [%s]}";
                    case GENOME -> "{genome: %s, tasks: [t]}";
                    case STACK -> "{stack: %s, tasks: [t]}";
                    case BLOCK -> "{stack: {blocks: [%s, {model: b, layers: [0, 1]}]}, tasks: [t]}";
                    case MARK ->
                            "{merge_method: linear, models: [{model: a}],"
                                    + " parameters: {weight: %s}, tasks: [t]}";
                    case TASK -> "{genome: {models: [a], merge_method: linear}, tasks: [%s]}";
                    // lm_eval has tasks of its own.
                    case EVALUATOR ->
                            "{genome: {models: [a], merge_method: linear}, tasks: [%s],"
                                            .formatted(
                                                    mapping.contains("lm_eval")
                                                            ? "t"
                                                            : "{name: t, file: f}")
                                    + " evaluator: %s}";
                    case LM_EVAL ->
                            "{genome: {models: [a], merge_method: linear}, tasks: [t],"
                                    + " evaluator: {lm_eval: %s}}";
                    case ENDPOINT ->
                            "{genome: {models: [a], merge_method: linear},"
                                    + " tasks: [{name: t, file: f}], evaluator: {endpoint: %s}}";
                };
        return template.formatted(mapping) + "\n";
    }

    /// The least that a section has: its required keys, and one of each choice.
    static Map<String, String> least(Section section) {
        Map<String, String> all = new LinkedHashMap<>();
        section.known().stream()
                .filter(Key::required)
                .forEach(k -> all.put(k.name(), good(k, section)));
        for (Choice choice : section.choices()) {
            boolean needed = choice.needed() || section == Section.EVOLUTION;
            if (needed || section == Section.TOKEN_SOURCE) {
                String first = choice.keys().getFirst();
                all.put(first, good(key(section, first), section));
            }
        }
        if (section == Section.TOKEN_SOURCE) {
            all.put("kind", "model_token");
            all.put("model", "a");
        }
        if (section == Section.EVALUATOR) {
            all.remove("built-in");
            all.put("command", good(key(section, "command"), section));
        }
        return all;
    }

    /// The least with one more key.
    static Map<String, String> with(Section section, String name, String value) {
        Map<String, String> all = least(section);
        for (Choice choice : section.choices()) {
            if (choice.keys().contains(name)) {
                all.keySet().removeAll(choice.keys());
            }
        }
        if (section == Section.MARK && !name.equals("choice")) {
            all.put("search", "[0, 2]");
        }
        all.put(name, value);
        return all;
    }

    static String text(Map<String, String> mapping) {
        List<String> entries = new ArrayList<>();
        mapping.forEach((key, value) -> entries.add(key + ": " + value));
        return "{" + String.join(", ", entries) + "}";
    }

    private static Key key(Section section, String name) {
        return section.known().stream()
                .filter(k -> k.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    static String good(Key key, Section section) {
        return switch (section) {
            case EVOLUTION -> key.name().equals("evaluator") ? "lm_eval" : good(key.form());
            case MARK -> key.name().equals("start") ? "1" : good(key.form());
            case TASK -> key.name().equals("extract") ? "'[0-9]+'" : good(key.form());
            case LAYER_SLICE -> key.name().equals("end") ? "2" : good(key.form());
            default -> good(key.form());
        };
    }

    private static String good(Form form) {
        return switch (form) {
            case Form.Text(String pattern) ->
                    pattern.startsWith("^/")
                            ? "/x"
                            : pattern.contains("model") ? "'run {model}'" : "word";
            case Form.Words(var words) -> words.contains("linear") ? "linear" : words.getFirst();
            case Form.Named(Naming what) ->
                    switch (what) {
                        case METHOD -> "linear";
                        case DTYPE, OUT_DTYPE -> "float32";
                        case CHAT_TEMPLATE -> "chatml";
                        case FAMILY -> "mixtral";
                    };
            case Form.Flag _ -> "true";
            case Form.Number _ -> "0.5";
            case Form.Count(int least, _) -> String.valueOf(Math.max(least, 1));
            case Form.Interval _ -> "[0, 2]";
            case Form.Layers _ -> "[0, 2]";
            case Form.Model _ -> "a";
            case Form.ListOf(Form item, int least) ->
                    least < 2 ? "[" + good(item) + "]" : "[" + good(item) + ", 1]";
            case Form.MapOf(Form value) -> "{a: " + good(value) + "}";
            case Form.In(Section section) -> text(least(section));
            case Form.Parameters _ -> "{weight: 0.5}";
            case Form.Value _ -> "0.5";
            case Form.Nothing _ -> "null";
            case Form.AnyOf(var forms) -> good(forms.getFirst());
        };
    }

    /// Values that a form does not have.
    static List<String> bad(Form form) {
        return switch (form) {
            case Form.Text(String pattern) ->
                    pattern.isEmpty() || pattern.contains("\\S")
                            ? List.of("[a]", "{a: b}")
                            : List.of("[a]", "wrong");
            case Form.Words _ -> List.of("nonesuch", "[a]");
            // Whether there is such a thing is asked when the recipe is planned.
            case Form.Named _ -> List.of("[a]");
            case Form.Flag _ -> List.of("maybe", "2", "[true]");
            case Form.Number(double least) ->
                    least == 0 ? List.of("word", "-1") : List.of("word", "[1]");
            case Form.Count(int least, int most) ->
                    most < Integer.MAX_VALUE
                            ? List.of("1.5", String.valueOf(most + 1))
                            : List.of("word", "1.5", String.valueOf(least - 1));
            case Form.Interval _ -> List.of("1", "[1]", "[1, 2, 3]", "[a, b]");
            case Form.Layers _ -> List.of("1", "[1]", "[1, 2, 3]", "[-1, 2]", "[a, b]");
            case Form.Model _ -> List.of("[a]", "{revision: main}", "{model: a, path: b}");
            case Form.ListOf(Form item, int least) ->
                    least > 0 ? List.of("word", "[]", "{a: b}") : List.of("word", "{a: b}");
            case Form.MapOf _, Form.Parameters _ -> List.of("word", "[a]");
            case Form.In _ -> List.of("[a]");
            case Form.Value _ -> List.of();
            case Form.Nothing _ -> List.of("1", "{a: b}");
            case Form.AnyOf _ -> List.of("[[a]]");
        };
    }
}
