package jmergekit.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import jmergekit.method.MergeMethods;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// Reads files for `mergekit-evolve`. Relative model paths are looked up in `workingDirectory`,
/// only to distinguish a `+` or `@` in a folder's name from an adapter or revision.
///
/// @param methods define the values of their parameters
public record EvolveReader(Path workingDirectory, MergeMethods methods) {
    /// A reader for searches with the built-in methods.
    public EvolveReader(Path workingDirectory) {
        this(workingDirectory, MergeMethods.builtIn());
    }

    /// Reads `file`, called `source` in messages; see [RecipeReader].
    public Optional<EvolveConfig> read(Path file, String source, Problems problems) {
        return RecipeFile.text(file, source, problems)
                .flatMap(text -> read(source, text, problems));
    }

    /// Reads a file, adding all its problems to `problems` in line order. Empty if an error hides
    /// part of the file.
    public Optional<EvolveConfig> read(String source, String text, Problems problems) {
        return new RecipeDocument(source, text, RecipeKind.EVOLUTION)
                .read(problems, (root, found) -> config(source, text, root, found));
    }

    private Optional<EvolveConfig> config(
            String source, String text, YamlNode root, Problems problems) {
        if (!(root instanceof YamlNode.Mapping mapping)) {
            problems.add(Fields.wrongForm("the file", "a mapping", root));
            return Optional.empty();
        }
        Fields fields = new Fields(mapping, Section.EVOLUTION, problems);
        Optional<? extends SearchSubject> subject = subject(source, text, fields, problems);
        fields.required("tasks", "the file");
        List<TaskConfig> tasks = new TaskReader(problems).read(fields);
        EvaluatorConfig evaluator = new EvaluatorReader(problems).read(fields, tasks);
        Optional<String> name = fields.text("name").map(Located::value);
        Optional<Integer> limit = fields.count("limit").map(Located::value);
        Optional<Integer> fewShot = fields.count("num_fewshot").map(Located::value);
        boolean shuffle = fields.flag("shuffle").orElse(false);
        boolean randomStart = fields.flag("random_init").orElse(false);
        boolean chatTemplate = fields.flag("apply_chat_template").orElse(false);
        boolean turns = fields.flag("fewshot_as_multiturn").orElse(false);
        return subject.map(s ->
                new EvolveConfig(
                        source,
                        text,
                        name,
                        s,
                        tasks,
                        evaluator,
                        limit,
                        fewShot,
                        shuffle,
                        randomStart,
                        chatTemplate,
                        turns));
    }

    private Optional<? extends SearchSubject> subject(
            String source, String text, Fields fields, Problems problems) {
        YamlNode.Mapping root = fields.mapping();
        ReferenceReader references = ReferenceReader.in(workingDirectory, problems);
        List<String> alone = Section.EVOLUTION.choices().getFirst().keys();
        List<YamlNode.Entry> subjects =
                root.entries().stream()
                        .filter(e -> alone.contains(e.key().text()) || isOfRecipe(e))
                        .toList();
        Optional<YamlNode.Entry> whole =
                subjects.stream().filter(e -> alone.contains(e.key().text())).findFirst();
        if (whole.isEmpty()) {
            return new MarkedReader(new RecipeReader(workingDirectory, methods), problems)
                    .read(source, text, fields);
        }
        subjects.stream()
                .filter(e -> e != whole.get())
                .findFirst()
                .ifPresent(e ->
                        problems.add(
                                Problem.recipe(
                                                e.key().at(),
                                                "'%s' cannot be combined with '%s'"
                                                        .formatted(
                                                                e.key().text(),
                                                                whole.get().key().text()))
                                        .expected("a single search space")));
        Section.EVOLUTION.reportUnknownKeys(without(subjects, root), methods, problems);
        YamlNode value = whole.get().value();
        return whole.get().key().text().equals("genome")
                ? new GenomeReader(references, problems).read(value)
                : new StackReader(references, problems).read(value);
    }

    private static boolean isOfRecipe(YamlNode.Entry entry) {
        String key = entry.key().text();
        return Section.RECIPE.keys().contains(key) && !Section.EVOLUTION.keys().contains(key);
    }

    private static YamlNode.Mapping without(List<YamlNode.Entry> some, YamlNode.Mapping root) {
        List<YamlNode.Entry> rest = root.entries().stream().filter(e -> !some.contains(e)).toList();
        return YamlNode.Mapping.of(rest, root.size(), root.at(), root.span());
    }
}
