package jmergekit.search;

/// Creates new points from two parents, by the type of each variable: simulated binary crossover
/// and polynomial mutation for numbers; flags are inherited or flipped; choices are inherited or
/// redrawn; order crossover and small moves for orders.
///
/// Sources: Deb and Agrawal, "Simulated binary crossover for continuous search space", Complex
/// Systems 9 (1995); Deb et al., "NSGA-II" (2002); Davis, "Applying adaptive algorithms to epistatic
/// domains", IJCAI 1985, for orders.
final class Variation {
    /// How close children are to their parents.
    private static final double CROSSOVER_INDEX = 15;

    private static final double MUTATION_INDEX = 20;

    private static final double CROSSOVER_RATE = 0.9;

    private static final double MOST_CHANGED = 0.5;

    private final Space space;
    private final double sigma0;

    /// @param sigma0 the size of mutations of unbounded numbers, in their own unit
    Variation(Space space, double sigma0) {
        this.space = space;
        this.sigma0 = sigma0;
    }

    /// A child of two parents, mutated.
    Point child(Point mother, Point father, Draws draws) {
        double[] child = mother.values();
        if (draws.chance(CROSSOVER_RATE)) {
            int offset = 0;
            for (Variable variable : space.variables()) {
                cross(variable, child, father, offset, draws);
                offset += variable.width();
            }
        }
        Point crossed = new Point(child);
        Point mutated = mutated(crossed, draws);
        boolean same = mutated.equals(mother) || mutated.equals(father);
        return same ? changed(mutated, draws) : mutated;
    }

    /// An initial point near the start: numbers are drawn uniformly, and up to half of the other
    /// variables are mutated. A random order or choice would rarely be useful if the start is
    /// sensible.
    Point first(Point start, Draws draws) {
        double[] values = start.values();
        double rate = MOST_CHANGED * draws.uniform();
        int offset = 0;
        for (Variable variable : space.variables()) {
            if (variable instanceof Variable.Real) {
                RandomPoint.draw(variable, draws, values, offset);
            } else if (draws.chance(rate)) {
                mutate(variable, values, offset, draws);
            }
            offset += variable.width();
        }
        Point first = new Point(values);
        return first.equals(start) ? changed(first, draws) : first;
    }

    // On average one variable changes; an order counts once for each of its items.
    private Point mutated(Point point, Draws draws) {
        double rate = 1.0 / space.width();
        double[] values = point.values();
        int offset = 0;
        for (Variable variable : space.variables()) {
            if (draws.chance(rate * variable.width())) {
                mutate(variable, values, offset, draws);
            }
            offset += variable.width();
        }
        return new Point(values);
    }

    /// A point in which at least one variable changes.
    Point changed(Point point, Draws draws) {
        int chosen = draws.below(space.width());
        double[] values = point.values();
        int offset = 0;
        for (Variable variable : space.variables()) {
            int end = offset + variable.width();
            if (chosen >= offset && chosen < end) {
                mutate(variable, values, offset, draws);
            }
            offset = end;
        }
        return new Point(values);
    }

    private static void cross(
            Variable variable, double[] child, Point other, int offset, Draws draws) {
        // Half of the variables are inherited from the mother alone.
        if (draws.chance(0.5)) {
            return;
        }
        switch (variable) {
            case Variable.Real real ->
                    child[offset] = crossed(real, child[offset], other.get(offset), draws);
            case Variable.Order order -> Orders.cross(child, other, offset, order.items(), draws);
            case Variable.Choice _, Variable.Flag _ -> child[offset] = other.get(offset);
        }
    }

    private static double crossed(Variable.Real real, double mother, double father, Draws draws) {
        UnitScale scale = new UnitScale(real);
        double one = scale.place(mother);
        double other = scale.place(father);
        double u = draws.uniform();
        double power = 1 / (CROSSOVER_INDEX + 1);
        double spread = StrictMath.pow(u <= 0.5 ? 2 * u : 1 / (2 * (1 - u)), power);
        double sign = draws.chance(0.5) ? 1 : -1;
        double place = (one + other) / 2 + sign * spread * (one - other) / 2;
        return value(scale, place);
    }

    private static double value(UnitScale scale, double place) {
        return scale.value(scale.variable().isBounded() ? Math.clamp(place, 0, 1) : place);
    }

    private void mutate(Variable variable, double[] values, int offset, Draws draws) {
        switch (variable) {
            case Variable.Real real -> values[offset] = mutated(real, values[offset], draws);
            case Variable.Flag _ -> values[offset] = 1 - values[offset];
            case Variable.Choice choice -> {
                int others = choice.options().size() - 1;
                int drawn = draws.below(others);
                values[offset] = drawn < values[offset] ? drawn : drawn + 1;
            }
            case Variable.Order order -> Orders.mutate(values, offset, order.items(), draws);
        }
    }

    private double mutated(Variable.Real real, double value, Draws draws) {
        if (!real.isBounded()) {
            return value + sigma0 * draws.normal();
        }
        UnitScale scale = new UnitScale(real);
        double place = scale.place(value);
        double u = draws.uniform();
        double power = MUTATION_INDEX + 1;
        double shift =
                u < 0.5
                        ? root(2 * u + (1 - 2 * u) * StrictMath.pow(1 - place, power), power) - 1
                        : 1 - root(2 - 2 * u + (2 * u - 1) * StrictMath.pow(place, power), power);
        return value(scale, place + shift);
    }

    private static double root(double x, double power) {
        return StrictMath.pow(x, 1 / power);
    }
}
