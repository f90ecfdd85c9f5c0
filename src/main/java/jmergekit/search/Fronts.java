package jmergekit.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// Candidates sorted by rank, and within a rank by crowding distance.
///
/// Source: Deb, Pratap, Agarwal and Meyarivan, "A fast and elitist multiobjective genetic algorithm:
/// NSGA-II", IEEE Transactions on Evolutionary Computation 6 (2002), sections III A and B.
///
/// @param ranks by candidate: 0 if no other dominates it, 1 if only those of rank 0 do, and so on
/// @param distances by candidate: the crowding distance, larger if others of its rank are far away
record Fronts(int[] ranks, double[] distances) {
    /// @param objectives of each candidate, higher is better
    static Fronts of(List<double[]> objectives) {
        int[] ranks = new int[objectives.size()];
        double[] distances = new double[objectives.size()];
        int rank = 0;
        for (List<Integer> front : sorted(objectives)) {
            for (int i : front) {
                ranks[i] = rank;
            }
            measure(front, objectives, distances);
            rank++;
        }
        return new Fronts(ranks, distances);
    }

    /// Better candidates first: those of lower rank, or of the same rank and larger distance.
    Comparator<Integer> order() {
        return Comparator.comparingInt((Integer i) -> ranks[i])
                .thenComparing(i -> distances[i], Comparator.reverseOrder());
    }

    // Fast non-dominated sort.
    private static List<List<Integer>> sorted(List<double[]> objectives) {
        int count = objectives.size();
        List<List<Integer>> beaten = new ArrayList<>();
        int[] beatenBy = new int[count];
        for (int i = 0; i < count; i++) {
            List<Integer> worse = new ArrayList<>();
            for (int j = 0; j < count; j++) {
                if (ParetoFront.dominates(objectives.get(i), objectives.get(j))) {
                    worse.add(j);
                    beatenBy[j]++;
                }
            }
            beaten.add(worse);
        }
        List<List<Integer>> fronts = new ArrayList<>();
        List<Integer> front = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (beatenBy[i] == 0) {
                front.add(i);
            }
        }
        while (!front.isEmpty()) {
            fronts.add(front);
            List<Integer> next = new ArrayList<>();
            for (int i : front) {
                for (int j : beaten.get(i)) {
                    beatenBy[j]--;
                    if (beatenBy[j] == 0) {
                        next.add(j);
                    }
                }
            }
            front = next;
        }
        return fronts;
    }

    private static void measure(
            List<Integer> front, List<double[]> objectives, double[] distances) {
        int count = objectives.get(front.getFirst()).length;
        for (int m = 0; m < count; m++) {
            int objective = m;
            List<Integer> along = new ArrayList<>(front);
            along.sort(Comparator.comparingDouble(i -> objectives.get(i)[objective]));
            double low = objectives.get(along.getFirst())[m];
            double high = objectives.get(along.getLast())[m];
            distances[along.getFirst()] = Double.POSITIVE_INFINITY;
            distances[along.getLast()] = Double.POSITIVE_INFINITY;
            if (!(high - low > 0) || Double.isInfinite(high - low)) {
                continue;
            }
            for (int k = 1; k < along.size() - 1; k++) {
                double before = objectives.get(along.get(k - 1))[m];
                double after = objectives.get(along.get(k + 1))[m];
                distances[along.get(k)] += (after - before) / (high - low);
            }
        }
    }

    /// The last in this order; among equals, the one reported first.
    int worst() {
        Integer[] all = new Integer[ranks.length];
        Arrays.setAll(all, i -> i);
        return Arrays.stream(all)
                .max(order().thenComparing(Comparator.reverseOrder()))
                .orElseThrow();
    }
}
