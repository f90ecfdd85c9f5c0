package jmergekit.search;

/// A number and its position in its range: 0 at the lower bound, 1 at the upper one, logarithmic
/// for logarithmic variables. Unbounded numbers are unchanged.
record UnitScale(Variable.Real variable) {
    /// @param place from 0 to 1 if there are bounds
    double value(double place) {
        if (!variable.isBounded()) {
            return place;
        }
        double low = variable.low();
        double high = variable.high();
        double value =
                variable.logarithmic()
                        ? StrictMath.exp(
                                StrictMath.log(low) * (1 - place) + StrictMath.log(high) * place)
                        : low * (1 - place) + high * place;
        return Math.clamp(value, low, high);
    }

    /// @param value within the bounds
    double place(double value) {
        if (!variable.isBounded()) {
            return value;
        }
        double low = variable.logarithmic() ? StrictMath.log(variable.low()) : variable.low();
        double high = variable.logarithmic() ? StrictMath.log(variable.high()) : variable.high();
        double x = variable.logarithmic() ? StrictMath.log(value) : value;
        // Computed from halves, since the width of a range may overflow a double.
        return Math.clamp((x / 2 - low / 2) / (high / 2 - low / 2), 0, 1);
    }
}
