package jmergekit.evaluate;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;

/// The key that a server with OpenAI's interface may require with each request. It never appears in
/// a message or a file.
public record ApiKey(String value) {
    private static final String VARIABLE = "OPENAI_API_KEY";
    private static final Pattern FORM = Pattern.compile("[\\x21-\\x7e]{1,2000}");

    /// The key in the environment's variables, if there is one.
    public static Optional<ApiKey> of(Map<String, String> environment) {
        return Optional.ofNullable(environment.get(VARIABLE))
                .map(String::strip)
                .filter(v -> !v.isEmpty())
                .map(ApiKey::new);
    }

    /// @throws MergeException if it cannot be sent in a header
    void check() {
        if (!FORM.matcher(value).matches()) {
            throw new MergeException(
                    Problem.usage(VARIABLE, "the variable does not contain a key that can be sent")
                            .expected("printable ASCII characters without spaces"));
        }
    }

    String header() {
        return "Bearer " + value;
    }

    /// A text without the key.
    String hiddenIn(String text) {
        return text.replace(value, this.toString());
    }

    @Override
    public String toString() {
        return "(hidden)";
    }
}
