package jmergekit.search;

/// Uniformly drawn points: numbers are uniform in their range, or in its logarithm, and from 0 to 1
/// if they have no bounds.
final class RandomPoint {
    private RandomPoint() {}

    static Point of(Space space, Draws draws) {
        double[] values = new double[space.width()];
        int offset = 0;
        for (Variable variable : space.variables()) {
            draw(variable, draws, values, offset);
            offset += variable.width();
        }
        return new Point(values);
    }

    static void draw(Variable variable, Draws draws, double[] values, int offset) {
        switch (variable) {
            case Variable.Real real -> values[offset] = new UnitScale(real).value(draws.uniform());
            case Variable.Choice choice -> values[offset] = draws.below(choice.options().size());
            case Variable.Flag _ -> values[offset] = draws.below(2);
            case Variable.Order order -> {
                int[] drawn = draws.order(order.items());
                for (int i = 0; i < drawn.length; i++) {
                    values[offset + i] = drawn[i];
                }
            }
        }
    }
}
