package jmergekit.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The two lists beside the corpus: cases that need features not built yet, and cases in which this
/// tool differs from the reference on purpose.
final class CaseLists {
    private static final String REFUSED = "refused";

    private final Map<Pattern, String> later = new LinkedHashMap<>();
    private final Map<String, String> divergences = new LinkedHashMap<>();

    /// `later` has lines `pattern<TAB>feature`, `divergences` lines `case<TAB>check<TAB>reason`;
    /// lines starting with `#` are comments.
    ///
    /// @throws IllegalArgumentException if a line has another form
    CaseLists(String later, String divergences) {
        for (List<String> fields : fields(later, 2)) {
            this.later.put(Pattern.compile(fields.get(0)), fields.get(1));
        }
        for (List<String> fields : fields(divergences, 3)) {
            this.divergences.put(fields.get(0), fields.get(1));
        }
    }

    /// The lists among the test resources.
    static CaseLists load() throws IOException {
        return new CaseLists(
                resource("/conformance/later.tsv"), resource("/conformance/divergences.tsv"));
    }

    private static String resource(String name) throws IOException {
        try (InputStream stream = CaseLists.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("no resource " + name);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static List<List<String>> fields(String table, int count) {
        List<List<String>> rows = new ArrayList<>();
        for (String line : table.lines().toList()) {
            if (!line.isBlank() && !line.startsWith("#")) {
                List<String> fields = List.of(line.split("\t"));
                if (fields.size() != count) {
                    throw new IllegalArgumentException(
                            "'%s' has %d fields, expected %d"
                                    .formatted(line, fields.size(), count));
                }
                rows.add(fields);
            }
        }
        return rows;
    }

    /// The feature a case waits for.
    Optional<String> feature(ConformanceCase theCase) {
        return later.entrySet().stream()
                .filter(entry -> entry.getKey().matcher(theCase.id()).matches())
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /// Whether this tool refuses what the reference does.
    boolean refused(ConformanceCase theCase) {
        return REFUSED.equals(divergences.get(theCase.id()));
    }

    /// What this tool may do differently in a case.
    Allowance allowance(ConformanceCase theCase) {
        String check = divergences.get(theCase.id());
        return check == null || check.equals(REFUSED) ? Allowance.NONE : Allowance.of(check);
    }

    /// Entries that none of these cases needs any more.
    List<String> unused(List<ConformanceCase> cases) {
        List<String> unused = new ArrayList<>();
        for (Pattern pattern : later.keySet()) {
            if (cases.stream().noneMatch(theCase -> pattern.matcher(theCase.id()).matches())) {
                unused.add("later.tsv: " + pattern);
            }
        }
        for (String id : divergences.keySet()) {
            if (cases.stream().noneMatch(theCase -> theCase.id().equals(id))) {
                unused.add("divergences.tsv: " + id);
            }
        }
        return unused;
    }
}
