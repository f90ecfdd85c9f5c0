package jmergekit.search;

import jmergekit.source.NormalQuantile;
import jmergekit.tile.CounterRandom;

/// A sequence of random numbers that depends only on a seed, a purpose and a number.
final class Draws {
    private final long key;
    private long next;

    /// @param purpose separates the draws for different uses
    /// @param number of the candidate, or of whatever is drawn
    Draws(long seed, String purpose, long number) {
        this.key = CounterRandom.key(seed, purpose + ' ' + number, 0);
    }

    /// Between 0 and 1, both excluded.
    double uniform() {
        return CounterRandom.uniform(key, next++);
    }

    /// From the standard normal distribution.
    double normal() {
        return NormalQuantile.of(uniform());
    }

    double[] normals(int count) {
        double[] normals = new double[count];
        for (int i = 0; i < count; i++) {
            normals[i] = normal();
        }
        return normals;
    }

    /// An integer from 0 up to a bound, excluded.
    int below(int bound) {
        return (int) (uniform() * bound);
    }

    boolean chance(double probability) {
        return uniform() < probability;
    }

    /// The integers from 0 up to a bound, excluded, in a random order: Fisher and Yates' shuffle.
    int[] order(int count) {
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            int j = below(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
