package jmergekit.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The variables of a search.
///
/// @param variables with different names, at least one
public record Space(List<Variable> variables) {
    public Space {
        variables = List.copyOf(variables);
        Set<String> names = new HashSet<>();
        variables.forEach(v -> names.add(v.name()));
        if (variables.isEmpty() || names.size() < variables.size()) {
            throw new IllegalArgumentException("variable names are not unique");
        }
    }

    /// The number of values in a point.
    public int width() {
        return variables.stream().mapToInt(Variable::width).sum();
    }

    /// The index of a variable's first number in a point.
    public int offset(Variable variable) {
        int offset = 0;
        for (Variable v : variables) {
            if (v.equals(variable)) {
                return offset;
            }
            offset += v.width();
        }
        throw new IllegalArgumentException("no variable '" + variable.name() + "'");
    }

    /// Whether the point is in the space: numbers within their bounds, existing options, and orders
    /// that are permutations.
    public boolean contains(Point point) {
        if (point.size() != width()) {
            return false;
        }
        int offset = 0;
        for (Variable variable : variables) {
            int end = offset + variable.width();
            if (!variable.allows(Arrays.copyOfRange(point.values(), offset, end))) {
                return false;
            }
            offset = end;
        }
        return true;
    }

    /// The point with each number moved to the nearest step.
    Point nearest(Point point) {
        double[] values = point.values();
        int offset = 0;
        for (Variable variable : variables) {
            if (variable instanceof Variable.Real real && real.step() > 0) {
                values[offset] = real.nearest(values[offset]);
            }
            offset += variable.width();
        }
        return new Point(values);
    }

    /// The point where a search may begin.
    public Point start() {
        List<Double> values = new ArrayList<>();
        for (Variable variable : variables) {
            switch (variable) {
                case Variable.Real real -> values.add(real.start());
                case Variable.Choice choice -> values.add((double) choice.start());
                case Variable.Flag flag -> values.add(flag.start() ? 1.0 : 0.0);
                case Variable.Order order -> {
                    for (int i = 0; i < order.items(); i++) {
                        values.add((double) i);
                    }
                }
            }
        }
        return new Point(values.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
