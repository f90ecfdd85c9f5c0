package jmergekit.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jmergekit.conformance.Outcome.Verdict;
import tools.jackson.databind.JsonNode;

/// Decides whether a run of a case passed.
final class Judge {
    private static final Pattern STACK_TRACE = Pattern.compile("(?m)^\\s*at [\\w.$/<>]+\\(");
    private static final Set<Integer> REFUSALS = Set.of(2, 3, 4);
    private static final Set<Integer> NOT_BUILT = Set.of(2, 3);

    private final CaseLists lists;
    private final boolean strict;

    /// `strict`: an error case of a later feature that passes already fails as well.
    Judge(CaseLists lists, boolean strict) {
        this.lists = lists;
        this.strict = strict;
    }

    Outcome judge(ConformanceCase theCase, ToolRun run) throws IOException {
        List<String> wrong = new ArrayList<>(stackTrace(run));
        if (theCase.is("expect_error")) {
            wrong.addAll(refusal(theCase, run, REFUSALS));
            wrong.addAll(unnamed(theCase, run));
        } else if (lists.refused(theCase)) {
            wrong.addAll(refusal(theCase, run, REFUSALS));
        } else {
            wrong.addAll(success(theCase, run));
        }
        if (theCase.is("advisory")) {
            List<String> notes = new ArrayList<>();
            notes.add(wrong.isEmpty() ? "advisory: as the reference" : "advisory: differs");
            notes.addAll(wrong);
            return new Outcome(theCase, Verdict.PASSED, notes);
        }
        Optional<String> feature = lists.feature(theCase);
        if (feature.isPresent()) {
            return later(theCase, run, feature.get(), wrong);
        }
        return new Outcome(theCase, wrong.isEmpty() ? Verdict.PASSED : Verdict.FAILED, wrong);
    }

    private Outcome later(ConformanceCase theCase, ToolRun run, String feature, List<String> wrong)
            throws IOException {
        boolean stale = wrong.isEmpty() && (strict || !theCase.is("expect_error"));
        if (stale) {
            return new Outcome(
                    theCase,
                    Verdict.FAILED,
                    List.of("passes already: remove it from later.tsv (" + feature + ")"));
        }
        List<String> improper = new ArrayList<>(stackTrace(run));
        improper.addAll(refusal(theCase, run, NOT_BUILT));
        if (improper.isEmpty()) {
            return new Outcome(theCase, Verdict.LATER, List.of(feature));
        }
        improper.addFirst("must be refused until '" + feature + "' is built");
        improper.addAll(wrong);
        return new Outcome(theCase, Verdict.FAILED, improper.stream().distinct().toList());
    }

    private static List<String> stackTrace(ToolRun run) {
        return STACK_TRACE.matcher(run.messages()).find()
                ? List.of("printed a stack trace: " + firstLine(run.messages()))
                : List.of();
    }

    private static String firstLine(String messages) {
        return messages.lines().filter(line -> !line.isBlank()).findFirst().orElse("");
    }

    private List<String> success(ConformanceCase theCase, ToolRun run) {
        if (run.status() != 0) {
            return List.of("exit status " + run.status() + ": " + firstLine(run.messages()));
        }
        List<String> wrong = new ArrayList<>();
        run.leftovers().forEach(name -> wrong.add("left behind beside the output: " + name));
        wrong.addAll(
                new OutputCheck(theCase, run.output(), run.again(), lists.allowance(theCase))
                        .differences());
        return wrong;
    }

    private static List<String> refusal(ConformanceCase theCase, ToolRun run, Set<Integer> allowed)
            throws IOException {
        List<String> wrong = new ArrayList<>();
        if (!allowed.contains(run.status())) {
            wrong.add("exit status " + run.status() + ", expected one of " + allowed);
        }
        if (run.messages().isBlank()) {
            wrong.add("no message");
        }
        if (theCase.is("out_dir_exists") ? !isEmpty(run.output()) : Files.exists(run.output())) {
            wrong.add("left an output folder behind");
        }
        run.leftovers().forEach(name -> wrong.add("left behind beside the output: " + name));
        return wrong;
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.findAny().isEmpty();
        }
    }

    /// Words that the messages should contain and do not; `a|b` means either.
    private static List<String> unnamed(ConformanceCase theCase, ToolRun run) {
        String messages = run.messages().toLowerCase(Locale.ROOT);
        List<String> wrong = new ArrayList<>();
        for (JsonNode words : theCase.definition().path("error_must_name").values()) {
            boolean named = false;
            for (String word : words.asString().toLowerCase(Locale.ROOT).split("\\|")) {
                named |= names(messages, word);
            }
            if (!named) {
                wrong.add(
                        "the messages do not name '%s': %s"
                                .formatted(words.asString(), firstLine(run.messages())));
            }
        }
        return wrong;
    }

    /// A word of one letter or digit must stand alone: any message contains a `t`.
    private static boolean names(String messages, String word) {
        return word.length() == 1
                ? Pattern.compile("\\b" + Pattern.quote(word) + "\\b").matcher(messages).find()
                : messages.contains(word);
    }
}
