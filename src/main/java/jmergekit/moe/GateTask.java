package jmergekit.moe;

import java.util.List;

/// A tensor whose rows are computed from prompts, one row for each expert.
///
/// @param layer whose input the gate receives
/// @param rows number of experts it chooses from
/// @param shared whether it is the gate of the shared expert instead of the gate that chooses
///     experts
record GateTask(String tensor, int layer, int rows, boolean shared) {
    /// The tensor's values, given a direction for each expert and for the shared one last.
    float[] values(List<Direction> directions) {
        List<Direction> own =
                shared
                        ? directions.subList(directions.size() - 1, directions.size())
                        : directions.subList(0, rows);
        float[] values = new float[rows * own.getFirst().size()];
        for (int row = 0; row < rows; row++) {
            own.get(row).writeTo(values, row);
        }
        return values;
    }
}
