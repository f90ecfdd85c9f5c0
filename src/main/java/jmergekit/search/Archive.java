package jmergekit.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The best candidates reported so far, up to a capacity: the parents of new candidates.
///
/// A candidate added to a full archive evicts the worst: the one in the last front with the
/// smallest crowding distance, the oldest of equals. If a point is reported again, the better
/// objectives count.
final class Archive {
    private final int capacity;
    private final List<Member> members = new ArrayList<>();
    private Fronts fronts = new Fronts(new int[0], new double[0]);

    /// A candidate with its objectives.
    private record Member(Point point, double[] objectives) {}

    Archive(int capacity) {
        this.capacity = capacity;
    }

    void add(Point point, double... objectives) {
        Optional<Member> known =
                members.stream().filter(member -> member.point().equals(point)).findFirst();
        if (known.isPresent()) {
            if (!ParetoFront.dominates(objectives, known.get().objectives())) {
                return;
            }
            members.remove(known.get());
        }
        members.add(new Member(point, objectives.clone()));
        rank();
        if (members.size() > capacity) {
            members.remove(fronts.worst());
            rank();
        }
    }

    private void rank() {
        fronts = Fronts.of(objectives());
    }

    int size() {
        return members.size();
    }

    List<double[]> objectives() {
        return members.stream().map(Member::objectives).toList();
    }

    boolean has(Point point) {
        return members.stream().anyMatch(member -> member.point().equals(point));
    }

    /// The better of two members drawn at random.
    Point tournament(Draws draws) {
        int one = draws.below(members.size());
        int other = draws.below(members.size());
        int better = fronts.order().compare(one, other) <= 0 ? one : other;
        return members.get(better).point();
    }

    /// Each row contains a point's numbers, followed by its objectives.
    List<double[]> rows() {
        List<double[]> rows = new ArrayList<>();
        for (Member member : members) {
            double[] values = member.point().values();
            double[] row = Arrays.copyOf(values, values.length + member.objectives().length);
            System.arraycopy(
                    member.objectives(), 0, row, values.length, member.objectives().length);
            rows.add(row);
        }
        return rows;
    }

    /// @throws IllegalArgumentException if a row is not a point of the space
    void addAll(Space space, List<double[]> rows) {
        for (double[] row : rows) {
            Point point = new Point(Arrays.copyOf(row, space.width()));
            if (!space.contains(point) || has(point)) {
                throw State.fault("a point outside the space, or a duplicate");
            }
            members.add(new Member(point, Arrays.copyOfRange(row, space.width(), row.length)));
        }
        rank();
    }

    int capacity() {
        return capacity;
    }
}
