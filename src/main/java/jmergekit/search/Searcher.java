package jmergekit.search;

import java.util.Optional;

/// An algorithm that proposes points, and learns from their results.
///
/// Its proposals are a function of the space, the settings, the candidate's number, and the results
/// reported before. A repeated search therefore proposes the same points only if the same results
/// are reported before each proposal: the number of candidates proposed ahead of results must be
/// fixed, and must not depend on which evaluation ends first. Results are reported in the order of
/// the candidates' numbers.
public interface Searcher {
    /// The point for the candidate with this number; called once for each, in order, starting at 0.
    /// Empty if there are no more.
    Optional<Point> ask(long number);

    /// Records the result of a proposed candidate.
    ///
    /// @param objectives higher is better; NaN in each if the candidate failed, which ranks last
    void tell(long number, Point point, double... objectives);

    /// The state as JSON, from which [Searchers#fromJson] creates a searcher that continues
    /// identically.
    String toJson();
}
