package jmergekit.config;

import java.util.List;
import java.util.Optional;
import jmergekit.method.MergeMethods;
import jmergekit.method.Param;
import jmergekit.method.Value;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// Refuses search ranges outside the values that a method parameter allows, instead of letting such
/// candidates fail.
record MarkedParameters(MergeMethods methods, Problems problems) {
    /// @param found the places of the marks, in their order
    /// @param config the recipe at the start of the search
    void check(List<MarkFinder.Found> found, List<SearchMark> marks, MergeConfig config) {
        List<String> names = List.of(config.mergeMethod().value());
        for (int i = 0; i < marks.size(); i++) {
            if (found.get(i).keys().equals(List.of("merge_method"))) {
                names = marks.get(i).options();
            }
        }
        for (int i = 0; i < marks.size(); i++) {
            check(found.get(i).keys(), marks.get(i), names);
        }
    }

    private void check(List<String> keys, SearchMark mark, List<String> names) {
        parameter(keys).ifPresent(name -> check(name, mark, names));
    }

    private void check(String parameter, SearchMark mark, List<String> names) {
        for (String name : names) {
            Optional<Param> param =
                    methods.named(name).map(m -> m.info()).flatMap(m -> m.param(parameter));
            Optional<Value> refused = param.flatMap(p -> refused(p, mark));
            if (refused.isPresent()) {
                String what =
                        "'"
                                + parameter
                                + "' is searched outside the values that "
                                + name
                                + " "
                                + "allows";
                problems.add(
                        Problem.recipe(mark.at(), what)
                                .expected(param.orElseThrow().valuesText())
                                .found(refused.get().toString()));
                return;
            }
        }
    }

    private static Optional<Value> refused(Param param, SearchMark mark) {
        boolean numbers = param.kind() == Param.Kind.NUMBER || param.kind() == Param.Kind.FLAG;
        return mark.extremes().stream()
                .filter(value -> numbers && value instanceof Value.Number)
                .filter(value -> !param.allows(value))
                .findFirst();
    }

    /// The parameter whose value is at this path.
    private static Optional<String> parameter(List<String> keys) {
        int above = keys.lastIndexOf("parameters");
        if (above < 0 && keys.getFirst().equals("input_model_parameters")) {
            above = 1;
        }
        boolean isFilter = keys.getLast().equals("filter");
        return above >= 0 && above + 1 < keys.size() && !isFilter
                ? Optional.of(keys.get(above + 1))
                : Optional.empty();
    }
}
