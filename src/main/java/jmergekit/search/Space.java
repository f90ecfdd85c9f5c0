package jmergekit.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What a search chooses.
///
/// @param variables with different names, at least one
public record Space(List<Variable> variables) {
    public Space {
        variables = List.copyOf(variables);
        Set<String> names = new HashSet<>();
        variables.forEach(v -> names.add(v.name()));
        if (variables.isEmpty() || names.size() < variables.size()) {
            throw new IllegalArgumentException("variables without names of their own");
        }
    }

    /// How many numbers a point has.
    public int width() {
        return variables.stream().mapToInt(Variable::width).sum();
    }

    /// Where a variable's numbers begin in a point.
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

    /// Whether there is such a point: numbers within their bounds, options that exist, orders that are
    /// permutations.
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

    /// The point with each number on the nearest of its steps.
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

    /// Where a search may begin.
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
