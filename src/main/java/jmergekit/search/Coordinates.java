package jmergekit.search;

import java.util.ArrayList;
import java.util.List;

/// Unbounded numbers of similar scale for the points of a numeric space. Bounded variables are
/// scaled to the range from 0 to 1, and reflected at its ends.
final class Coordinates {
    private final List<UnitScale> scales = new ArrayList<>();

    /// @throws IllegalArgumentException if the space is not purely numeric
    Coordinates(Space space) {
        for (Variable variable : space.variables()) {
            if (!(variable instanceof Variable.Real real)) {
                throw new IllegalArgumentException("not a number: '" + variable.name() + "'");
            }
            scales.add(new UnitScale(real));
        }
    }

    int count() {
        return scales.size();
    }

    Point point(double[] coordinates) {
        double[] values = new double[coordinates.length];
        for (int i = 0; i < values.length; i++) {
            UnitScale scale = scales.get(i);
            boolean bounded = scale.variable().isBounded();
            values[i] =
                    scale.value(bounded ? BoundTransform.place(coordinates[i]) : coordinates[i]);
        }
        return new Point(values);
    }

    double[] of(Point point) {
        double[] coordinates = new double[point.size()];
        for (int i = 0; i < coordinates.length; i++) {
            UnitScale scale = scales.get(i);
            double place = scale.place(point.get(i));
            coordinates[i] = scale.variable().isBounded() ? BoundTransform.number(place) : place;
        }
        return coordinates;
    }
}
