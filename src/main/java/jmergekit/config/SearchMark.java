package jmergekit.config;

import java.util.List;
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
