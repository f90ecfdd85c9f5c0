package jmergekit.search;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// All combinations of a few values for each variable; the last variable varies fastest.
///
/// The budget limits the number of combinations. Each variable begins with one value, the start's;
/// then the variable with the fewest values gets one more, the first of several, and so on. Flags
/// have at most two values, and choices at most one per option. Numbers are spaced evenly between
/// their bounds, or by equal factors if logarithmic; with steps, each value is on a different step.
/// Unbounded numbers range from 0 to 1, or from 0.5 below the start to 0.5 above it if the start is
/// outside that range. Orders are the first ones in lexicographic order. A random start replaces
/// the space's start everywhere.
final class GridSearch implements Searcher {
    static final String NAME = "grid";

    private final Space space;
    private final SearchSettings settings;
    private final Point start;
    private final int[] levels;

    GridSearch(Space space, SearchSettings settings) {
        this.space = space;
        this.settings = settings;
        this.start = settings.start(space);
        this.levels = levels(space.variables(), settings.budget());
    }

    private static int[] levels(List<Variable> variables, long budget) {
        int[] levels = new int[variables.size()];
        Arrays.fill(levels, 1);
        long size = 1;
        while (true) {
            int raised = fewest(variables, levels, size, budget);
            if (raised < 0) {
                return levels;
            }
            size = size / levels[raised] * (levels[raised] + 1);
            levels[raised]++;
        }
    }

    // The next variable to get another value; -1 if none can.
    private static int fewest(List<Variable> variables, int[] levels, long size, long budget) {
        int fewest = -1;
        for (int i = 0; i < levels.length; i++) {
            boolean fits = levels[i] < most(variables.get(i)) && levels[i] < Integer.MAX_VALUE - 1;
            boolean affordable = size / levels[i] <= budget / (levels[i] + 1);
            if (fits && affordable && (fewest < 0 || levels[i] < levels[fewest])) {
                fewest = i;
            }
        }
        return fewest;
    }

    private static int most(Variable variable) {
        return switch (variable) {
            case Variable.Real real -> real.count();
            case Variable.Choice choice -> choice.options().size();
            case Variable.Flag _ -> 2;
            case Variable.Order order -> factorial(order.items());
        };
    }

    private static int factorial(int n) {
        long product = 1;
        for (int i = 2; i <= n && product < Integer.MAX_VALUE; i++) {
            product *= i;
        }
        return (int) Math.min(product, Integer.MAX_VALUE);
    }

    /// The number of values of each variable, in the variables' order.
    List<Integer> levels() {
        return Arrays.stream(levels).boxed().toList();
    }

    /// @return empty after the last combination
    @Override
    public Optional<Point> ask(long number) {
        double[] values = start.values();
        long rest = number;
        int offset = values.length;
        for (int i = levels.length - 1; i >= 0; i--) {
            Variable variable = space.variables().get(i);
            offset -= variable.width();
            set(variable, values, offset, (int) (rest % levels[i]), levels[i]);
            rest /= levels[i];
        }
        return rest > 0 ? Optional.empty() : Optional.of(new Point(values));
    }

    private static void set(Variable variable, double[] values, int offset, int level, int levels) {
        if (levels == 1) {
            return;
        }
        switch (variable) {
            case Variable.Real real when real.step() > 0 ->
                    values[offset] = stepped(real, level, levels);
            case Variable.Real real ->
                    values[offset] = value(real, values[offset], level / (levels - 1.0));
            case Variable.Choice _, Variable.Flag _ -> {
                int start = (int) values[offset];
                // The start comes first if not all options are tried.
                values[offset] = level == 0 ? start : level <= start ? level - 1 : level;
            }
            case Variable.Order order -> setOrder(values, offset, order.items(), level);
        }
    }

    // A level is at least as many steps from the lowest one as there are levels before it, so no
    // two levels are on the same step if equal factors are closer together than steps.
    private static double stepped(Variable.Real real, int level, int levels) {
        double low = real.low();
        double top = real.nearest(real.high());
        Variable.Real range = new Variable.Real("", low, top, real.logarithmic(), low);
        double even = new UnitScale(range).value(level / (levels - 1.0));
        double steps = Math.max(level, Math.rint((even - low) / real.step()));
        return real.nearest(low + steps * real.step());
    }

    private static double value(Variable.Real real, double start, double share) {
        boolean shifted = !real.isBounded() && (start < 0 || start > 1);
        return new UnitScale(real).value(shifted ? start - 0.5 + share : share);
    }

    // The digits in the factorial number system select which of the remaining items comes next.
    private static void setOrder(double[] values, int offset, int items, int level) {
        int[] digits = new int[items];
        int rest = level;
        for (int base = 2; base <= items; base++) {
            digits[items - base] = rest % base;
            rest /= base;
        }
        for (int first = 0; first < items; first++) {
            Orders.insert(values, offset + first + digits[first], offset + first);
        }
    }

    @Override
    public void tell(long number, Point point, double... objectives) {}

    @Override
    public String toJson() {
        return SavedSearch.state(NAME, space, settings).toString();
    }
}
