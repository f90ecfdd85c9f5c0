package jmergekit.evaluate;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How an item of a task is scored from a server's answer.
enum EndpointMetric {
    /// Whether the answer equals the continuation, ignoring surrounding white space.
    EXACT_MATCH,
    /// The same, for the part of the answer that a pattern extracts.
    REGEX,
    /// Whether the right choice is the likeliest one, or the one that is answered.
    ACC,
    /// The log-probability of the right text.
    LOG_LIKELIHOOD;

    private static final Pattern LETTER =
            Pattern.compile("\\(?([A-Za-z])\\)?(?:[).:,\\s].*)?", Pattern.DOTALL);

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Compares the expected text with the answer.
    static boolean isRight(String right, String answer, Optional<Extraction> extract) {
        return extract.map(e -> e.isRight(right, answer))
                .orElseGet(() -> answer.strip().equals(right.strip()));
    }

    /// The choice that an answer means: the one that it equals, the one whose letter it begins
    /// with, the longest one that it begins with, or the only one that it contains; -1 if none.
    static int chosen(String answer, List<String> choices) {
        String said = answer.strip();
        List<String> texts = choices.stream().map(String::strip).toList();
        if (texts.contains(said)) {
            return texts.indexOf(said);
        }
        Matcher letter = LETTER.matcher(said);
        if (letter.matches()) {
            int index = Character.toUpperCase(letter.group(1).charAt(0)) - 'A';
            boolean alone = said.length() == 1 || !Character.isWhitespace(said.charAt(1));
            if (index < texts.size() && alone) {
                return index;
            }
        }
        int best = -1;
        for (int i = 0; i < texts.size(); i++) {
            if (said.startsWith(texts.get(i))
                    && (best < 0 || texts.get(i).length() > texts.get(best).length())) {
                best = i;
            }
        }
        List<String> within = texts.stream().filter(said::contains).toList();
        return best < 0 && within.size() == 1 ? texts.indexOf(within.getFirst()) : best;
    }
}
