package jmergekit.search;

import java.util.Optional;

/// An algorithm that proposes points, and is told how good they are.
///
/// What it proposes is a function of the space, the settings, the candidate's number, and what it was
/// told before it is asked. So the same points come again only if a search that is repeated tells as
/// much before each question: how many candidates are proposed before the results of earlier ones are
/// told is to be fixed, and not to follow from which evaluation ends first. It is told in the order of
/// the numbers.
public interface Searcher {
    /// The point of the candidate with this number; asked once, in the order of the numbers, which
    /// begin at 0. Empty if there is none left.
    Optional<Point> ask(long number);

    /// Takes note of a candidate that was asked for.
    ///
    /// @param objectives higher is better; NaN in each if the candidate failed, which ranks last
    void tell(long number, Point point, double... objectives);

    /// What it knows, as JSON: [Searchers#fromJson] makes one of it that goes on alike.
    String toJson();
}
