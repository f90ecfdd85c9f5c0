package jmergekit.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import jmergekit.problem.Location;
import jmergekit.problem.Problem;

/// Maps locations in a generated recipe back to the file with marks.
final class MarkedPlaces {
    private final SourceText file;
    private final MarkedText marked;
    private final List<String> values;
    private final String filled;
    private final List<Integer> filledLines;
    private final List<Integer> fileLines;

    /// @param values the values of the marks in that recipe
    MarkedPlaces(SourceText file, MarkedText marked, List<String> values) {
        this.file = file;
        this.marked = marked;
        this.values = values;
        this.filled = marked.inItsLines(values);
        this.filledLines = lines(filled);
        this.fileLines = lines(file.text());
    }

    /// Where each line begins.
    private static List<Integer> lines(String text) {
        List<Integer> lines = new ArrayList<>(List.of(0));
        for (int next = text.indexOf('\n'); next >= 0; next = text.indexOf('\n', next + 1)) {
            lines.add(next + 1);
        }
        return lines;
    }

    /// The same problem, at its location in the file.
    Problem inFile(Problem problem) {
        Optional<Location> found = Optional.ofNullable(problem.location());
        if (found.isEmpty()) {
            return problem;
        }
        Location at = origin(found.get());
        return new Problem(
                problem.severity(),
                problem.exitCode(),
                at.toString(),
                problem.what(),
                problem.expected(),
                problem.found(),
                problem.hint(),
                at);
    }

    private Location origin(Location at) {
        int line = filledLines.get(Math.min(at.line(), filledLines.size()) - 1);
        int end = filled.indexOf('\n', line);
        String rest = filled.substring(line, end < 0 ? filled.length() : end);
        int column = Math.min(at.column() - 1, rest.codePointCount(0, rest.length()));
        int origin = marked.origin(values, line + rest.offsetByCodePoints(0, column));
        int place = Collections.binarySearch(fileLines, origin);
        int number = place < 0 ? -place - 2 : place;
        int start = fileLines.get(number);
        return file.at(number, file.text().codePointCount(start, origin), at.length());
    }
}
