package jmergekit.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import jmergekit.method.MergeMethod;
import jmergekit.method.MergeMethods;
import jmergekit.method.MethodInfo;
import jmergekit.method.MethodInfo.Base;
import jmergekit.method.Param;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Schemas for the parameters of merge methods: those of any method, and if the recipe names one,
/// those of that method.
final class MethodSchemas {
    /// The definition of a method's parameters, after its name and a dot.
    static final String OF_LEVEL = "parameters";

    /// The definition of per-model parameters.
    static final String OF_MODEL = "model_parameters";

    /// The definition for recipes whose method is searched.
    private static final String ANY = "any_method";

    private final MergeMethods methods;
    private final ParamSchemas params;
    private final boolean marks;

    /// Equal parameters of several methods share one definition.
    private final Map<Param, String> names = new LinkedHashMap<>();

    MethodSchemas(MergeMethods methods, Forms forms) {
        this.methods = methods;
        this.params = new ParamSchemas(forms);
        this.marks = forms.marks();
        for (MethodInfo method : infos().toList()) {
            for (Param param : method.params()) {
                String plain = "parameter." + param.name();
                names.putIfAbsent(
                        param,
                        names.containsValue(plain) ? method.name() + "." + param.name() : plain);
            }
        }
    }

    private Stream<MethodInfo> infos() {
        return methods.all().stream().map(MergeMethod::info);
    }

    /// Adds the definitions that recipe schemas refer to.
    void define(ObjectNode definitions) {
        names.forEach((param, name) -> {
            definitions.set(name, params.of(param, name + ".case"));
            definitions.set(name + ".case", params.ofCase(param));
        });
        define(ANY, false, List.copyOf(names.keySet()), definitions);
        infos().forEach(m -> define(m.name(), m.base() == Base.REQUIRED, m.params(), definitions));
    }

    private void define(String method, boolean needsBase, List<Param> all, ObjectNode definitions) {
        definitions.set(method, new MethodLevels(method).schema(needsBase));
        definitions.set(method + "." + OF_LEVEL, parameters(all, _ -> true));
        definitions.set(method + "." + OF_MODEL, parameters(all, Param::perModel));
    }

    private ObjectNode parameters(List<Param> all, Predicate<Param> which) {
        Map<String, List<ObjectNode>> byName = new LinkedHashMap<>();
        all.stream()
                .filter(which)
                .forEach(p ->
                        byName.computeIfAbsent(p.name(), _ -> new ArrayList<>())
                                .add(Json.ref(names.get(p))));
        ObjectNode schema = Json.type("object");
        ObjectNode properties = schema.putObject("properties");
        byName.forEach((name, refs) ->
                properties.set(
                        name,
                        refs.size() == 1
                                ? refs.getFirst()
                                : Json.anyOf(refs.toArray(ObjectNode[]::new))));
        return schema.put("additionalProperties", false);
    }

    /// Conditions on recipes that depend on their method.
    ArrayNode conditions() {
        ArrayNode all = Json.array();
        infos().map(MethodInfo::name)
                .forEach(name -> all.add(condition(Json.object().put("const", name), name)));
        if (marks) {
            all.add(condition(Json.type("object"), ANY));
        }
        return all;
    }

    private static ObjectNode condition(ObjectNode method, String definition) {
        ObjectNode named = Json.required(List.of("merge_method"));
        named.putObject("properties").set("merge_method", method);
        ObjectNode condition = Json.object();
        condition.set("if", named);
        condition.set("then", Json.ref(definition));
        return condition;
    }
}
