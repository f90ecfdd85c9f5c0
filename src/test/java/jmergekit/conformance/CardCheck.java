package jmergekit.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// What a model card says, apart from its wording.
record CardCheck(
        @Nullable Object frontMatter,
        String method,
        String base,
        Set<String> models,
        String configuration) {

    private static final Pattern FRONT_MATTER =
            Pattern.compile("\\A---\n(.*?)\n---\n", Pattern.DOTALL);
    private static final Pattern METHOD =
            Pattern.compile(
                    "merged using (?:the )?(.+?) merge method(?: using (.+?) as a base)?\\.");
    private static final Pattern MODELS =
            Pattern.compile("### Models Merged\n(.*?)(?:\n#|\\z)", Pattern.DOTALL);
    private static final Pattern ITEM = Pattern.compile("(?m)^[*-] (.+)$");
    private static final Pattern BLOCK = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

    /// What is wrong with the card in `output`.
    static List<String> differences(Path expected, Path output) throws IOException {
        CardCheck wanted = of(Files.readString(expected.resolve("README.md")));
        CardCheck found = of(Files.readString(output.resolve("README.md")));
        List<String> differences = new ArrayList<>();
        compare("front matter", wanted.frontMatter, found.frontMatter, differences);
        compare("method", wanted.method, found.method, differences);
        compare("base model", wanted.base, found.base, differences);
        compare("models", wanted.models, found.models, differences);
        compare("configuration", wanted.configuration, found.configuration, differences);
        return differences;
    }

    private static void compare(
            String what, @Nullable Object e, @Nullable Object a, List<String> differences) {
        if (!Objects.equals(e, a)) {
            differences.add("README.md: %s is '%s', expected '%s'".formatted(what, a, e));
        }
    }

    static CardCheck of(String card) {
        String front = group(FRONT_MATTER, 1, card);
        Set<String> models = new TreeSet<>();
        ITEM.matcher(group(MODELS, 1, card)).results().forEach(m -> models.add(m.group(1).strip()));
        return new CardCheck(
                new Load(LoadSettings.builder().build()).loadFromString(front),
                group(METHOD, 1, card),
                group(METHOD, 2, card),
                models,
                group(BLOCK, 1, card).stripTrailing());
    }

    private static String group(Pattern pattern, int group, String text) {
        Matcher matcher = pattern.matcher(text);
        String found = matcher.find() ? matcher.group(group) : null;
        return found == null ? "" : found;
    }
}
