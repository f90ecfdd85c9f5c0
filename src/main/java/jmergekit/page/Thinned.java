package jmergekit.page;

import java.util.ArrayList;
import java.util.List;

/// Values thinned to a number that can be drawn: the minimum and maximum of each interval, in
/// order.
///
/// @param marks the remaining marks
/// @param of the original number of marks
record Thinned(List<Mark> marks, int of) {
    /// @param most the maximum number of marks to keep
    static Thinned to(int most, List<Mark> marks) {
        if (marks.size() <= most) {
            return new Thinned(marks, marks.size());
        }
        int stretches = Math.max(1, most / 2);
        List<Mark> left = new ArrayList<>();
        for (int i = 0; i < stretches; i++) {
            int from = (int) ((long) marks.size() * i / stretches);
            int to = (int) ((long) marks.size() * (i + 1) / stretches);
            int least = from;
            int greatest = from;
            for (int j = from; j < to; j++) {
                least = marks.get(j).y() < marks.get(least).y() ? j : least;
                greatest = marks.get(j).y() > marks.get(greatest).y() ? j : greatest;
            }
            left.add(marks.get(Math.min(least, greatest)));
            if (least != greatest) {
                left.add(marks.get(Math.max(least, greatest)));
            }
        }
        return new Thinned(left, marks.size());
    }

    boolean isThinner() {
        return marks.size() < of;
    }
}
