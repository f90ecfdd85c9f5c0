package jmergekit.config;

import java.util.List;
import jmergekit.method.Value;
import jmergekit.problem.Location;
import jmergekit.search.Variable;

/// A place in a recipe whose value is searched.
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

    /// What is searched for it, with names of their own.
    public List<Variable> variables() {
        return variables;
    }

    /// What stands in its place, in YAML, for these values of its variables.
    String text(List<Double> values) {
        return value.text(values);
    }

    /// The same where the search begins.
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

    /// The same at an end of its range: at its lowest or its highest. A choice stays where it starts.
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

    /// The ends of a range, all
    /// options of a choice.
    List<Value> extremes() {
        return value.extremes();
    }

    /// The options, as YAML has them, if it is a choice; otherwise none.
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
