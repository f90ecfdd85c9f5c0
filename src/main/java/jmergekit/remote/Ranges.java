package jmergekit.remote;

import java.util.Map;
import java.util.TreeMap;

/// Numbers in ranges that neither touch nor overlap.
final class Ranges {
    /// The ends of the ranges, by their beginnings.
    private final TreeMap<Long, Long> ends = new TreeMap<>();

    /// Adds all numbers from `begin` (inclusive) to `end` (exclusive).
    void add(long begin, long end) {
        if (begin >= end) {
            return;
        }
        long from = begin;
        long to = end;
        Map.Entry<Long, Long> near = ends.floorEntry(to);
        while (near != null && near.getValue() >= from) {
            from = Math.min(from, near.getKey());
            to = Math.max(to, near.getValue());
            ends.remove(near.getKey());
            near = ends.floorEntry(to);
        }
        ends.put(from, to);
    }

    void remove(long begin, long end) {
        Map.Entry<Long, Long> near = ends.lowerEntry(end);
        while (begin < end && near != null && near.getValue() > begin) {
            ends.remove(near.getKey());
            if (near.getKey() < begin) {
                ends.put(near.getKey(), begin);
            }
            if (near.getValue() > end) {
                ends.put(end, near.getValue());
            }
            near = near.getKey() < begin ? null : ends.lowerEntry(end);
        }
    }

    /// Whether it contains the whole range.
    boolean holdsAll(long begin, long end) {
        Map.Entry<Long, Long> near = ends.floorEntry(begin);
        return begin >= end || near != null && near.getValue() >= end;
    }

    /// Whether it contains any number of the range.
    boolean holdsAny(long begin, long end) {
        Map.Entry<Long, Long> near = ends.lowerEntry(end);
        return begin < end && near != null && near.getValue() > begin;
    }
}
