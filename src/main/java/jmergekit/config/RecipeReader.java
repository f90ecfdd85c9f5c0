package jmergekit.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jmergekit.method.MergeMethod;
import jmergekit.method.MergeMethods;
import jmergekit.method.MethodInfo;
import jmergekit.model.ModelReference;
import jmergekit.problem.ExitCode;
import jmergekit.problem.Location;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.Suggestion;

/// Reads merge recipes. Relative model paths are looked up in `workingDirectory`, only to
/// distinguish a `+` or `@` in a folder's name from an adapter or revision.
///
/// @param methods define the values of their parameters
public record RecipeReader(Path workingDirectory, MergeMethods methods) {
    /// A reader for recipes with the built-in methods.
    public RecipeReader(Path workingDirectory) {
        this(workingDirectory, MergeMethods.builtIn());
    }

    /// Reads the recipe in `file`, called `source` in messages; see the other `read`.
    public Optional<MergeConfig> read(Path file, String source, Problems problems) {
        return RecipeFile.text(file, source, problems)
                .flatMap(text -> read(source, text, problems));
    }

    /// Reads a recipe, adding all its problems to `problems` in line order. Empty if an error hides
    /// part of the recipe. Invalid YAML stops at the first problem. `source` is the file's name in
    /// messages.
    public Optional<MergeConfig> read(String source, String text, Problems problems) {
        return new RecipeDocument(source, text, RecipeKind.MERGE)
                .read(problems, (root, found) -> recipe(source, text, root, found));
    }

    /// @param text the text of the recipe alone, which may be part of a file
    Optional<MergeConfig> recipe(String source, String text, YamlNode root, Problems problems) {
        Optional<Fields> read = Fields.of(root, Section.RECIPE, methods, "the recipe", problems);
        if (read.isEmpty()) {
            return Optional.empty();
        }
        Fields fields = read.get();
        ReferenceReader references = ReferenceReader.in(workingDirectory, problems);
        fields.required("merge_method", "the recipe");
        Optional<Located<String>> method = fields.text("merge_method");
        Optional<MethodInfo> info =
                method.flatMap(m -> methods.named(m.value())).map(MergeMethod::info);
        Problems names = new Problems();
        ParameterReader parameters = new ParameterReader(methods, info, problems, names);
        Optional<Composition> composition =
                new CompositionReader(references, parameters, problems).ofRecipe(fields);
        new MisplacedParameters(methods, info, problems).check(fields.mapping());
        Optional<Located<ModelReference>> baseModel = references.read(fields, "base_model");
        Optional<Location> defaultBase = defaultBase(fields, problems);
        ParameterSet parameterSet = parameters.read(fields);
        List<InputModel> ofModels = inputModelParameters(fields, references, parameters, problems);
        Optional<TokenizerConfig> tokenizer =
                new TokenizerReader(references, problems).read(fields);
        Optional<Located<String>> name = fields.text("name");
        Optional<Located<String>> dtype = fields.text("dtype");
        Optional<Located<String>> outDtype = fields.text("out_dtype");
        Optional<Located<String>> chatTemplate = fields.text("chat_template");
        AdapterKeys adapter = AdapterKeys.of(fields, problems);
        if (problems.hideSomething()) {
            names.errors(ExitCode.RECIPE).forEach(problems::add);
        }
        if (method.isEmpty() || composition.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new MergeConfig(
                        source,
                        text,
                        name,
                        method.get(),
                        baseModel,
                        defaultBase,
                        composition.get(),
                        parameterSet,
                        ofModels,
                        dtype,
                        outDtype,
                        tokenizer,
                        chatTemplate,
                        adapter));
    }

    private static Optional<Location> defaultBase(Fields fields, Problems problems) {
        Optional<Located<String>> word = fields.text(MergeKeys.DEFAULT);
        if (word.isPresent() && !MergeKeys.DEFAULTS.contains(word.get().value())) {
            String text = word.get().value();
            problems.add(
                    Problem.recipe(
                                    word.get().at(),
                                    "unknown default '%s'%s"
                                            .formatted(
                                                    text,
                                                    Suggestion.didYouMean(
                                                            text, MergeKeys.DEFAULTS)))
                            .expected("base"));
            return Optional.empty();
        }
        return word.map(Located::at);
    }

    private static List<InputModel> inputModelParameters(
            Fields fields,
            ReferenceReader references,
            ParameterReader parameters,
            Problems problems) {
        Optional<YamlNode> value = fields.value("input_model_parameters");
        if (value.isEmpty()) {
            return List.of();
        }
        if (!(value.get() instanceof YamlNode.Mapping mapping)) {
            String models = "a mapping from models to their parameters";
            problems.add(Fields.wrongForm("'input_model_parameters'", models, value.get()));
            return List.of();
        }
        List<InputModel> models = new ArrayList<>();
        for (YamlNode.Entry entry : mapping.entries()) {
            String whose = "the value of '%s'".formatted(entry.key().text());
            ParameterSet own = parameters.read(entry.value(), whose);
            references
                    .located(entry.key(), "input_model_parameters")
                    .ifPresent(model -> models.add(new InputModel(model, own)));
        }
        return models;
    }
}
