package jmergekit.search;

import jmergekit.source.NormalQuantile;
import jmergekit.tile.CounterRandom;

/// Random numbers one after another, a function of a seed, a purpose and a number alone.
final class Draws {
    private final long key;
    private long next;

    /// @param purpose keeps the draws of one use apart from those of others
    /// @param number of the candidate or of whatever else is drawn
    Draws(long seed, String purpose, long number) {
        this.key = CounterRandom.key(seed, purpose + ' ' + number, 0);
    }

    /// Between 0 and 1, neither of them.
    double uniform() {
        return CounterRandom.uniform(key, next++);
    }

    /// Of the standard normal distribution.
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

    /// A whole number from 0 on, below a bound.
    int below(int bound) {
        return (int) (uniform() * bound);
    }

    boolean chance(double probability) {
        return uniform() < probability;
    }

    /// The numbers from 0 on, below a bound, in a random order: Fisher and Yates' shuffle.
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
