package jmergekit.planner;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import jmergekit.arch.Structure;
import jmergekit.config.MergeConfig;
import jmergekit.config.TokenizerConfig;
import jmergekit.config.VocabularySource;
import jmergekit.model.ConfigJson;
import jmergekit.model.ModelConfig;
import jmergekit.model.ModelFolder;
import jmergekit.model.ModelReference;
import jmergekit.planner.TokenizerPlan.Merged;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.tokenizer.EmbeddingRows;
import jmergekit.tokenizer.EmbeddingRows.Rule;
import jmergekit.tokenizer.ModelTokenizer;
import jmergekit.tokenizer.OutputVocabulary;
import jmergekit.tokenizer.TokenIds;
import jmergekit.tokenizer.TokenIds.CarriedOver;
import jmergekit.tokenizer.Vocabulary;
import jmergekit.weights.WeightFolder;
import tools.jackson.databind.node.ObjectNode;

/// Plans the merged vocabulary and its rows from the `tokenizer` section of a recipe.
final class VocabularyPlanner {
    private static final String GENERATION_CONFIG = "generation_config.json";

    private final MergeConfig config;
    private final TokenizerConfig section;
    private final PlanOptions options;
    private final List<SourceModel> models;
    private final Problems problems;
    private final List<ModelTokenizer> tokenizers = new ArrayList<>();
    private final long[] stored;

    /// @param models all models of the recipe, in order, the base model first
    VocabularyPlanner(
            MergeConfig config, PlanOptions options, List<SourceModel> models, Problems problems) {
        this.config = config;
        this.section = config.tokenizer().orElseThrow();
        this.options = options;
        this.models = models;
        this.problems = problems;
        this.stored = new long[models.size()];
    }

    /// The model whose tokenizer the output's is based on, and its number of rows.
    private record Donor(ModelTokenizer tokenizer, long rows) {}

    /// Empty if something is wrong.
    ///
    /// @throws MergeException likewise
    Optional<Merged> plan() {
        models.forEach(this::read);
        if (tokenizers.size() < models.size()) {
            return Optional.empty();
        }
        Map<String, Rule> rules =
                new TokenRules(models, tokenizers, stored, problems).of(section.tokens());
        Optional<Donor> donor = donor();
        if (donor.isEmpty()) {
            return Optional.empty();
        }
        OutputVocabulary vocabulary = vocabulary(donor.get());
        long rows = rows(vocabulary.vocabulary(), donor.get());
        if (rows > EmbeddingRows.MAX_ROWS) {
            problems.add(
                    Problem.recipe(section.at(), "the merged vocabulary would have too many rows")
                            .expected("at most " + EmbeddingRows.MAX_ROWS)
                            .found(String.valueOf(rows)));
            return Optional.empty();
        }
        EmbeddingRows embeddings =
                new EmbeddingRows(
                        vocabulary.vocabulary(),
                        tokenizers.stream().map(ModelTokenizer::vocabulary).toList(),
                        config.baseModel().isPresent() ? 0 : -1,
                        (int) rows,
                        section.padToMultipleOf().isEmpty(),
                        rules);
        VocabularyWarnings warnings = new VocabularyWarnings(problems);
        for (int m = 0; m < models.size(); m++) {
            warnings.tokensWithoutRow(tokenizers.get(m), stored[m], vocabulary);
        }
        warnings.tokensInNoModel(vocabulary, embeddings, stored);
        return Optional.of(withIds(vocabulary, embeddings, warnings));
    }

    private void read(SourceModel model) {
        try {
            ModelTokenizer tokenizer =
                    ModelTokenizer.read(model.label(), model.folder().tokenizerFolder());
            Optional<Long> rows =
                    model.tensors().entrySet().stream()
                            .filter(e -> Structure.isInputEmbedding(e.getKey()))
                            .map(e -> e.getValue().entry().spec().shape())
                            .filter(shape -> shape.rank() == 2)
                            .map(shape -> shape.size(0))
                            .findFirst();
            if (rows.isEmpty()) {
                problems.add(
                        Problem.input(
                                model.label(),
                                "no input embeddings whose rows a 'tokenizer' section could merge"));
                return;
            }
            stored[model.index()] = rows.get();
            tokenizers.add(tokenizer);
        } catch (MergeException e) {
            problems.add(e);
        }
    }

    private Optional<Donor> donor() {
        return switch (section.source().value()) {
            case VocabularySource.Union() ->
                    Optional.of(new Donor(tokenizers.getFirst(), stored[0]));
            case VocabularySource.Base() -> {
                if (config.baseModel().isEmpty()) {
                    problems.add(
                            Problem.recipe(
                                            section.source().at(),
                                            "the tokenizer's source is 'base', but there is no base model")
                                    .hint("name it with 'base_model', or a model as the source"));
                    yield Optional.empty();
                }
                yield Optional.of(new Donor(tokenizers.getFirst(), stored[0]));
            }
            case VocabularySource.OfModel(ModelReference reference) -> named(reference);
        };
    }

    // The model need not be part of the merge, or have weights.
    private Optional<Donor> named(ModelReference reference) {
        for (SourceModel model : models) {
            if (model.folder().reference().equals(reference)) {
                return Optional.of(new Donor(tokenizers.get(model.index()), stored[model.index()]));
            }
        }
        String where = reference.toString();
        Optional<Path> made = options.opened().nestedTokenizer(reference);
        if (made.isPresent()) {
            return Optional.of(new Donor(ModelTokenizer.read(where, made.get()), 0));
        }
        return options.models()
                .find(reference.path(), reference.revision(), where, problems)
                .map(WeightFolder::path)
                .map(f -> new Donor(ModelTokenizer.read(where, f), rowsPromised(f)));
    }

    private static long rowsPromised(Path folder) {
        Path file = folder.resolve("config.json");
        if (!Files.isRegularFile(file)) {
            return 0;
        }
        ModelConfig config =
                new ModelConfig(file.toString(), ConfigJson.readObject(file, file.toString()));
        return config.vocabularySize().orElse(0);
    }

    private OutputVocabulary vocabulary(Donor donor) {
        Set<String> more = section.tokens().keySet();
        return switch (section.source().value()) {
            case VocabularySource.Union() -> OutputVocabulary.union(tokenizers, stored, more);
            case VocabularySource.Base() ->
                    OutputVocabulary.of(donor.tokenizer(), donor.rows(), more);
            case VocabularySource.OfModel _ ->
                    OutputVocabulary.of(donor.tokenizer(), Long.MAX_VALUE, more);
        };
    }

    // Padding is kept, so that the output still matches related models; see
    // docs/divergences.md#padding-rows.
    private long rows(Vocabulary vocabulary, Donor donor) {
        if (section.padToMultipleOf().isEmpty()) {
            return Math.max(vocabulary.size(), donor.rows());
        }
        long multiple = section.padToMultipleOf().get().value();
        return (vocabulary.size() + multiple - 1) / multiple * multiple;
    }

    private Merged withIds(
            OutputVocabulary vocabulary, EmbeddingRows embeddings, VocabularyWarnings warnings) {
        ModelFolder first = models.getFirst().folder();
        TokenIds ids = new TokenIds(tokenizers.getFirst().vocabulary(), vocabulary);
        Set<String> lost = new LinkedHashSet<>(ids.carriedOver(first.config().json()).lost());
        Optional<ObjectNode> generationConfig = Optional.empty();
        Path file = first.folder().resolve(GENERATION_CONFIG);
        if (Files.isRegularFile(file)) {
            String where = first.reference() + "/" + GENERATION_CONFIG;
            ObjectNode before = ConfigJson.readObject(file, where);
            CarriedOver carried = ids.carriedOver(before);
            generationConfig = Optional.of(carried.file()).filter(f -> !f.equals(before));
            lost.addAll(carried.lost());
        }
        warnings.lostSettings(first, lost);
        return new Merged(vocabulary, embeddings, stored, ids, generationConfig);
    }
}
