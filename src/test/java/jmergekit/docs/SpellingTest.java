package jmergekit.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import morfologik.speller.Speller;
import morfologik.stemming.Dictionary;
import org.junit.jupiter.api.Test;

/// The words of pages, comments and messages, in British spelling.
class SpellingTest {
    private static final Path WORDS = Path.of("src/test/resources/jmergekit/spelling/words.txt");

    private static final Pattern TOKEN = Pattern.compile("\\S+");

    private static final Pattern WORD =
            Pattern.compile("\\p{Lu}?\\p{Ll}+(?:['’]\\p{Ll}+)?", Pattern.UNICODE_CHARACTER_CLASS);

    private static final Pattern AROUND = Pattern.compile("^[\\p{P}&&[^./@-]]+|[\\p{P}&&[^/]]+$");

    /// Not made of words and hyphens alone.
    private static final Pattern CODE = Pattern.compile("[^\\p{L}'’–-]|^-");

    private static final Pattern OXFORD =
            Pattern.compile("(?<!^[sS])iz(e|ed|es|er|ers|ing|ation|ations|able)$");

    private record Finding(String word, String place) {}

    private final Speller speller;
    private final Set<String> accepted;
    private final Map<String, Boolean> known = new HashMap<>();

    SpellingTest() throws IOException {
        speller =
                new Speller(
                        Dictionary.read(
                                Speller.class.getResource(
                                        "/org/languagetool/resource/en/hunspell/en_GB.dict")));
        accepted = Set.copyOf(Files.readAllLines(WORDS));
    }

    @Test
    void wordsAreInTheDictionary() throws IOException {
        List<Prose> prose = Prose.of(Path.of(""));
        Map<String, List<String>> places = new HashMap<>();
        for (Prose piece : prose) {
            for (Finding finding : findings(piece)) {
                places.computeIfAbsent(finding.word(), w -> new ArrayList<>()).add(finding.place());
            }
        }

        assertThat(prose).hasSizeGreaterThan(1000);
        assertThat(
                        places.entrySet().stream()
                                .sorted(Map.Entry.comparingByKey())
                                .map(e -> message(e.getKey(), e.getValue()))
                                .toList())
                .as("Correct the word. If it is a term, add it to %s, which is sorted.", WORDS)
                .isEmpty();
    }

    @Test
    void acceptedWordsAreSorted() throws IOException {
        assertThat(Files.readAllLines(WORDS)).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void misspellingsAreFound() {
        assertThat(
                        found(
                                "The tensors' names, the mergekit's colour; a pre-trained model"
                                        + " (re-used)."))
                .isEmpty();
        assertThat(found("A quantized licence\nof Llama-like modls – teh model’s."))
                .containsExactly("quantized", "modls", "teh");
        assertThat(message("quantized", List.of("docs/a.md:3")))
                .isEqualTo("docs/a.md:3: 'quantized'; is it 'quantised'?");
    }

    @Test
    void codeIsNotProse() {
        Path file = Path.of("A.java");
        String source =
                """
                /// Colur of `teh` [Qux] and [teh modl](https://example.org/teh), "Teh Title".
                /// @param teh the modl
                class A {
                    char c = '"'; // speling
                    String s = "--teh teh.json %s " + "wrng 'teh' @|bold wurd|@";
                    String key = "teh_key";
                    String regex = "teh wrod\\\\s";
                }
                """;
        assertThat(JavaText.of(file, source).stream().flatMap(p -> findings(p).stream()))
                .map(f -> f.word() + " " + f.place())
                .containsExactly(
                        "Colur A.java:1",
                        "modl A.java:2",
                        "speling A.java:4",
                        "wrng A.java:5",
                        "wurd A.java:5");
        String page =
                "Teh `modl`\n"
                        + "[speling](https://example.org) [wrng](a.md)\n\n"
                        + "```\n"
                        + "teh\n"
                        + "```\n\n"
                        + "|wurd|\n"
                        + "|---|\n";
        assertThat(
                        Markdown.of(Path.of("a.md"), page).prose().stream()
                                .flatMap(p -> findings(p).stream()))
                .map(f -> f.word() + " " + f.place())
                .containsExactly("Teh a.md:1", "wrng a.md:2", "wurd a.md:8");
        assertThat(
                        Prose.hashComments(file, "a=b # teh `modl`\n# wrng\nx#y\n").stream()
                                .flatMap(p -> findings(p).stream()))
                .map(f -> f.word() + " " + f.place())
                .containsExactly("teh A.java:1", "wrng A.java:2");
    }

    private List<String> found(String text) {
        return findings(new Prose(Path.of("a.md"), 1, text)).stream().map(Finding::word).toList();
    }

    private String message(String word, List<String> places) {
        String all = places.stream().limit(5).collect(Collectors.joining(", "));
        List<String> better =
                better(word).map(List::of).orElseGet(() -> speller.findReplacements(word));
        return better.isEmpty()
                ? "%s: '%s'".formatted(all, word)
                : "%s: '%s'; is it '%s'?"
                        .formatted(
                                all,
                                word,
                                String.join("', '", better.subList(0, Math.min(3, better.size()))));
    }

    private List<Finding> findings(Prose prose) {
        List<Finding> findings = new ArrayList<>();
        for (MatchResult token : TOKEN.matcher(prose.text()).results().toList()) {
            String bare = AROUND.matcher(token.group()).replaceAll("");
            if (CODE.matcher(bare).find() || accepted.contains(bare.replaceFirst("['’]s$", ""))) {
                continue;
            }
            for (String part : bare.split("[–-]")) {
                if (WORD.matcher(part).matches() && !isKnown(part)) {
                    findings.add(new Finding(part, prose.place(token.start())));
                }
            }
        }
        return findings;
    }

    private boolean isKnown(String word) {
        return known.computeIfAbsent(
                word.replace('’', '\''),
                w -> {
                    String stem = w.endsWith("'s") ? w.substring(0, w.length() - 2) : w;
                    return stem.length() < 2
                            || accepted.contains(stem)
                            || accepted.contains(stem.toLowerCase(Locale.ROOT))
                            || isInDictionary(stem) && better(stem).isEmpty()
                            || isInDictionary(w) && !w.equals(stem);
                });
    }

    private boolean isInDictionary(String word) {
        return !speller.isMisspelled(word);
    }

    /// Of two spellings that are both British, ours is that with an s.
    private Optional<String> better(String word) {
        String better = OXFORD.matcher(word).replaceFirst("is$1");
        return better.equals(word) || !isInDictionary(better)
                ? Optional.empty()
                : Optional.of(better);
    }
}
