package jmergekit.config;

import java.util.Optional;
import jmergekit.linalg.Space;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.Suggestion;

/// The keys of a recipe that apply only if adapters are merged with each other.
///
/// @param space in which they are merged
/// @param rank of the merged adapter
public record AdapterKeys(Optional<Located<Space>> space, Optional<Located<Integer>> rank) {
    static final String SPACE = "space";
    static final String RANK = "rank";

    /// No keys.
    public static final AdapterKeys NONE = new AdapterKeys(Optional.empty(), Optional.empty());

    static Key ofSpace() {
        return Key.of(
                SPACE,
                new Form.Words(Space.words()),
                "If all models are adapters: the space in which their changes are merged. "
                        + "Default: `core`, or none for sums without a `rank`.");
    }

    static Key ofRank() {
        return Key.of(
                RANK,
                Form.count(1),
                "If all models are adapters: the largest rank of the merged adapter's factors. "
                        + "Default: as high as the merge needs.");
    }

    static AdapterKeys of(Fields fields, Problems problems) {
        Optional<Located<Space>> space =
                fields.text(SPACE)
                        .flatMap(word -> {
                            Optional<Space> known = Space.of(word.value());
                            if (known.isEmpty()) {
                                problems.add(unknown(word));
                            }
                            return known.map(s -> new Located<>(s, word.at()));
                        });
        return new AdapterKeys(space, fields.count(RANK));
    }

    private static Problem unknown(Located<String> word) {
        return Problem.recipe(
                        word.at(),
                        "unknown %s '%s'%s"
                                .formatted(
                                        SPACE,
                                        word.value(),
                                        Suggestion.didYouMean(word.value(), Space.words())))
                .expected("one of " + String.join(", ", Space.words()));
    }

    /// Reports the keys of a recipe that merges models.
    public void refuse(Problems problems) {
        space.ifPresent(s -> problems.add(misplaced(s, SPACE)));
        rank.ifPresent(r -> problems.add(misplaced(r, RANK)));
    }

    private static Problem misplaced(Located<?> value, String key) {
        return Problem.recipe(
                        value.at(), "'%s' is for merges of adapters with each other".formatted(key))
                .hint(
                        "omit it, or name adapters without their model; to extract an adapter from"
                                + " a merged model, use 'mergekit extract-lora'");
    }
}
