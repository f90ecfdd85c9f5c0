package jmergekit.search;

import java.util.Optional;

/// An algorithm that proposes points, and hears how good they are.
///
/// What it proposes is a function of its seed, of what it was told, and of the candidate's number
/// alone: the same points come again if a search is repeated, however many candidates are under way
/// at a time. It is told in the order of the numbers.
public interface Searcher {
    /// The point of the candidate with this number; asked once, in the order of the numbers, which
    /// begin at 0. Empty if there is none left.
    Optional<Point> ask(long number);

    /// Hears of a candidate that was asked for.
    ///
    /// @param objectives higher is better; NaN in each if the candidate failed, which ranks last
    void tell(long number, Point point, double... objectives);

    /// What it knows, as JSON: another of the same space takes it up and goes on alike.
    String toJson();
}
