package jmergekit.search;

import java.util.Arrays;

/// Creates new orders from known ones. They are stored in parts of arrays, as permutations of the
/// integers from 0.
final class Orders {
    /// The probability of another move.
    private static final double FURTHER = 0.3;

    private Orders() {}

    /// Order crossover: a segment of the child is kept in place, and the rest follows the order in
    /// the other parent.
    static void cross(double[] child, Point other, int offset, int items, Draws draws) {
        int one = draws.below(items);
        int two = draws.below(items);
        int from = Math.min(one, two);
        int to = Math.max(one, two) + 1;
        boolean[] kept = new boolean[items];
        for (int i = from; i < to; i++) {
            kept[(int) child[offset + i]] = true;
        }
        int next = 0;
        for (int i = 0; i < items; i++) {
            double item = other.get(offset + i);
            if (kept[(int) item]) {
                continue;
            }
            if (next == from) {
                next = to;
            }
            child[offset + next] = item;
            next++;
        }
    }

    /// At least one move: two items are swapped, or a segment is moved or reversed.
    static void mutate(double[] values, int offset, int items, Draws draws) {
        do {
            int one = draws.below(items);
            int drawn = draws.below(items - 1);
            int other = drawn < one ? drawn : drawn + 1;
            int first = offset + Math.min(one, other);
            int last = offset + Math.max(one, other);
            switch (draws.below(4)) {
                case 0 -> swap(values, first, last);
                case 1 -> reverse(values, first, last);
                case 2 -> insert(values, offset + one, offset + other);
                default -> exchange(values, first, first + 1 + draws.below(last - first), last);
            }
        } while (draws.chance(FURTHER));
    }

    // Swaps two adjacent segments.
    private static void exchange(double[] values, int first, int middle, int last) {
        double[] before = Arrays.copyOfRange(values, first, middle);
        System.arraycopy(values, middle, values, first, last + 1 - middle);
        System.arraycopy(before, 0, values, last + 1 - before.length, before.length);
    }

    private static void swap(double[] values, int one, int other) {
        double item = values[one];
        values[one] = values[other];
        values[other] = item;
    }

    /// Moves one item, and shifts those in between.
    static void insert(double[] values, int from, int to) {
        double item = values[from];
        if (from < to) {
            System.arraycopy(values, from + 1, values, from, to - from);
        } else {
            System.arraycopy(values, to, values, to + 1, from - to);
        }
        values[to] = item;
    }

    private static void reverse(double[] values, int first, int last) {
        for (int i = first, j = last; i < j; i++, j--) {
            swap(values, i, j);
        }
    }
}
