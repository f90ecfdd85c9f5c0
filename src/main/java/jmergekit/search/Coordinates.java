package jmergekit.search;

import java.util.ArrayList;
import java.util.List;

/// Numbers without bounds and of like size for the points of a space of numbers: those with bounds
/// are scaled to a range from 0 to 1, and beyond it there is the way back.
final class Coordinates {
    private final List<UnitScale> scales = new ArrayList<>();

    /// @throws IllegalArgumentException if the space has anything but numbers
    Coordinates(Space space) {
        for (Variable variable : space.variables()) {
            if (!(variable instanceof Variable.Real real)) {
                throw new IllegalArgumentException("no number: '" + variable.name() + "'");
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
