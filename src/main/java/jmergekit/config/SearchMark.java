package jmergekit.config;

import java.util.List;
import jmergekit.method.Value;
import jmergekit.problem.Location;
import jmergekit.search.Variable;

/// A value in a recipe that is searched.
public final class SearchMark {
    private final List<Variable> variables;
    private final MarkValue value;
    private final TextSpan span;
    private final Location at;

    SearchMark(List<Variable> variables, MarkValue value, TextSpan span, Location at) {
        this.variables = List.copyOf(variables);
        this.value = value;
        this.span = span;
        this.at = at;
    }

    /// The variables to search, with unique names.
    public List<Variable> variables() {
        return variables;
    }

    /// The YAML text that replaces the mark for these values of its variables.
    String text(List<Double> values) {
        return value.text(values);
    }

    /// The same at the start of the search.
    String start() {
        return value.text(
                variables.stream()
                        .map(v ->
                                switch (v) {
                                    case Variable.Real real -> real.start();
                                    case Variable.Choice choice -> (double) choice.start();
                                    case Variable.Flag flag -> flag.start() ? 1.0 : 0.0;
                                    case Variable.Order _ -> 0.0;
                                })
                        .toList());
    }

    /// The same at the lower or upper end of its range. A choice keeps its start.
    String corner(boolean high) {
        return value.text(
                variables.stream()
                        .map(v ->
                                switch (v) {
                                    case Variable.Real real -> high ? real.high() : real.low();
                                    case Variable.Choice choice -> (double) choice.start();
                                    case Variable.Flag _ -> high ? 1.0 : 0.0;
                                    case Variable.Order _ -> 0.0;
                                })
                        .toList());
    }

    /// The ends of a range, or all options of a choice.
    List<Value> extremes() {
        return value.extremes();
    }

    /// The options in YAML if it is a choice; otherwise none.
    List<String> options() {
        return value instanceof MarkValue.Choice choice ? choice.texts() : List.of();
    }

    TextSpan span() {
        return span;
    }

    Location at() {
        return at;
    }
}
