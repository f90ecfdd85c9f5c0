package jmergekit.planner;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.ShortList;

/// Gathers findings of one kind, so that a model that differs in two hundred tensors is reported
/// once, with the first tensor.
public final class Findings {
    private static final int SHOWN = 4;

    private final Map<String, List<String>> byModel = new LinkedHashMap<>();

    /// @param model the model that has the problem
    /// @param text a fragment that names the tensor
    public void add(String model, String text) {
        byModel.computeIfAbsent(model, m -> new ArrayList<>()).add(text);
    }

    /// Adds one problem for each model.
    public void report(Problems problems, String hint) {
        found(hint).forEach(problems::add);
    }

    /// Adds one warning for each model.
    void warn(Problems problems, String hint) {
        found(hint).forEach(p -> problems.add(p.asWarning()));
    }

    private List<Problem> found(String hint) {
        List<Problem> found = new ArrayList<>();
        byModel.forEach((model, texts) ->
                found.add(Problem.input(model, ShortList.ofFragments(texts, SHOWN)).hint(hint)));
        return found;
    }
}
