package jmergekit.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// A space split in two: its numeric variables, and all others.
///
/// @param numbers empty if there are none
/// @param others empty if there are none
record Parts(Space whole, Optional<Space> numbers, Optional<Space> others) {
    static Parts of(Space space) {
        List<Variable> numbers = new ArrayList<>();
        List<Variable> others = new ArrayList<>();
        for (Variable variable : space.variables()) {
            (variable instanceof Variable.Real ? numbers : others).add(variable);
        }
        return new Parts(space, part(numbers), part(others));
    }

    private static Optional<Space> part(List<Variable> variables) {
        return variables.isEmpty() ? Optional.empty() : Optional.of(new Space(variables));
    }

    Point numbersOf(Point point) {
        return new Point(valuesOf(point, true));
    }

    Point othersOf(Point point) {
        return new Point(valuesOf(point, false));
    }

    private double[] valuesOf(Point point, boolean numbers) {
        boolean[] isNumber = isNumber();
        return IntStream.range(0, point.size())
                .filter(i -> isNumber[i] == numbers)
                .mapToDouble(point::get)
                .toArray();
    }

    /// The point of the whole space for points of the two parts.
    Point joined(Point numbers, Point others) {
        boolean[] isNumber = isNumber();
        double[] values = new double[isNumber.length];
        int nextNumber = 0;
        int nextOther = 0;
        for (int i = 0; i < values.length; i++) {
            values[i] = isNumber[i] ? numbers.get(nextNumber++) : others.get(nextOther++);
        }
        return new Point(values);
    }

    private boolean[] isNumber() {
        boolean[] isNumber = new boolean[whole.width()];
        int offset = 0;
        for (Variable variable : whole.variables()) {
            if (variable instanceof Variable.Real) {
                isNumber[offset] = true;
            }
            offset += variable.width();
        }
        return isNumber;
    }
}
