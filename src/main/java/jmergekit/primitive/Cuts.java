package jmergekit.primitive;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/// What is common to all ways of cutting off the smallest and the largest differences.
public final class Cuts {
    private static final int NONE = -1;

    private Cuts() {}

    /// Cuts off a source's `bottom` smallest and `top` largest differences, fewer than there are.
    public record Cut(int source, long bottom, long top) {}

    /// Asks for the `keep` largest differences of a source, from 1 to one less than there are.
    public record Question(int source, long keep) {}

    /// The masks by source, where `decide` is asked for those that keep some elements and not
    /// others.
    ///
    /// @param base which source is the base, whose mask does not matter
    public static Mask[] masks(
            int base,
            long elements,
            long[] bottom,
            long[] top,
            Function<List<Cut>, List<Mask>> decide) {
        Mask[] masks = new Mask[bottom.length];
        Arrays.fill(masks, Mask.ALL);
        List<Cut> cuts = new ArrayList<>();
        for (int i = 0; i < masks.length; i++) {
            if (i == base || bottom[i] <= 0 && top[i] <= 0) {
                continue;
            }
            if (bottom[i] + top[i] >= elements) {
                masks[i] = Mask.NONE;
            } else {
                cuts.add(new Cut(i, bottom[i], top[i]));
            }
        }
        List<Mask> decided = decide.apply(cuts);
        for (int i = 0; i < cuts.size(); i++) {
            masks[cuts.get(i).source] = decided.get(i);
        }
        return masks;
    }

    /// The masks of cuts from those of the largest elements, where `largest` answers questions.
    /// Those about one source follow each other.
    public static List<Mask> byThresholds(
            List<Cut> cuts, long elements, Function<List<Question>, List<Mask>> largest) {
        List<Question> questions = new ArrayList<>();
        int[] kept = new int[cuts.size()];
        int[] dropped = new int[cuts.size()];
        for (int i = 0; i < kept.length; i++) {
            Cut cut = cuts.get(i);
            kept[i] = ask(cut.source, elements - cut.bottom, elements, questions);
            dropped[i] = ask(cut.source, cut.top, elements, questions);
        }
        List<Mask> answers = largest.apply(questions);
        List<Mask> masks = new ArrayList<>();
        for (int i = 0; i < kept.length; i++) {
            Mask keeps = kept[i] == NONE ? Mask.ALL : answers.get(kept[i]);
            masks.add(
                    dropped[i] == NONE ? keeps : new Mask.Without(keeps, answers.get(dropped[i])));
        }
        return masks;
    }

    private static int ask(int source, long keep, long elements, List<Question> questions) {
        if (keep <= 0 || keep >= elements) {
            return NONE;
        }
        questions.add(new Question(source, keep));
        return questions.size() - 1;
    }
}
