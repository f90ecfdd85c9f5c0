package jmergekit.output;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jmergekit.method.MethodInfo;
import jmergekit.model.ModelFolder;
import jmergekit.planner.LeftOut;
import jmergekit.problem.ShortList;

/// How cards refer to models.
final class CardModels {
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    /// The most name patterns that are listed for a model.
    private static final int FORMS = 6;

    private CardModels() {}

    /// The metadata for the hub: tags, and the hub's models that went into the output.
    static String frontMatter(List<ModelFolder> models, String... tags) {
        List<String> ids =
                models.stream()
                        .filter(m -> !m.isMade())
                        .flatMap(m -> ModelName.hubId(m.reference(), m.folder()).stream())
                        .distinct()
                        .toList();
        return frontMatter(ids, Optional.of("transformers"), tags);
    }

    /// The same for a model from these repositories.
    ///
    /// @param library the library that loads it, if there is one
    static String frontMatter(List<String> ids, Optional<String> library, String... tags) {
        // Quoted, since some ids would be numbers or booleans in YAML.
        String bases =
                ids.isEmpty()
                        ? " []\n"
                        : ids.stream()
                                .map(id -> "\n- \"" + id + "\"")
                                .collect(Collectors.joining("", "", "\n"));
        String tagLines =
                Stream.concat(Stream.of("mergekit"), Stream.of(tags))
                        .map(tag -> "- " + tag + "\n")
                        .collect(Collectors.joining());
        String relation = ids.isEmpty() ? "" : "base_model_relation: merge\n";
        String libraryLine = library.map(l -> "library_name: " + l + "\n").orElse("");
        return "base_model:%s%s%stags:\n%s".formatted(bases, relation, libraryLine, tagLines);
    }

    /// The sentences about the method.
    ///
    /// @param base the words about the base model, such as ` using a as a base`
    static String method(MethodInfo info, String base, long seed) {
        String name =
                info.reference()
                        .map(url -> "[%s](%s)".formatted(info.title(), url))
                        .orElse(info.title());
        String drawn = info.random() ? " The random seed was %d.".formatted(seed) : "";
        String plugin =
                info.plugin()
                        .map(p ->
                                " The method comes from the plugin %s."
                                        .formatted(Markdown.inline(p)))
                        .orElse("");
        return "The models were merged using the %s merge method%s.%s%s"
                .formatted(name, base, drawn, plugin);
    }

    /// The section about tensors that are not in the output; empty if there are none.
    ///
    /// @param model the name of a model in the card, by number
    static String leftOut(List<LeftOut> leftOut, IntFunction<String> model) {
        if (leftOut.isEmpty()) {
            return "";
        }
        String lines =
                leftOut.stream()
                        .map(left ->
                                "- %s of %s: %s"
                                        .formatted(
                                                forms(left.forms()),
                                                model.apply(left.model()),
                                                left.reason()))
                        .collect(Collectors.joining("\n"));
        return "### Tensors Left Out\n\n" + lines + "\n\n";
    }

    private static String forms(List<String> forms) {
        return ShortList.of(forms.stream().map(f -> "`" + f + "`").toList(), FORMS);
    }

    /// The sentence about the plan at the end of a card.
    static String hash(String hash) {
        return "The plan of this output has the hash `%s`.".formatted(hash);
    }

    /// The program with its version, if the build recorded one.
    static String program() {
        String version = CardModels.class.getPackage().getImplementationVersion();
        return version == null ? "jmergekit" : "jmergekit " + version;
    }

    /// The model's name, linked to its page if it came from the hub, with the revision that was
    /// read.
    static String link(ModelFolder model) {
        String name = Markdown.inline(ModelName.text(model.reference()));
        if (model.isMade()) {
            return name + " (made by another recipe)";
        }
        return ModelName.hubId(model.reference(), model.folder())
                .map(id ->
                        "[%s](https://huggingface.co/%s)%s"
                                .formatted(name, id, revision(model.folder())))
                .orElse(name);
    }

    // The cache stores each revision in a folder with its name.
    private static String revision(Path folder) {
        String name = String.valueOf(folder.getFileName());
        return COMMIT.matcher(name).matches() ? " at revision `" + name + "`" : "";
    }
}
