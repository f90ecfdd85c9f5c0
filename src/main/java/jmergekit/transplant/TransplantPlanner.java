package jmergekit.transplant;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import jmergekit.model.ModelFolder;
import jmergekit.model.ModelReference;
import jmergekit.plan.Source;
import jmergekit.plan.TaskInput;
import jmergekit.plan.TensorTask;
import jmergekit.plan.Work;
import jmergekit.planner.PlanOptions;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.tensor.TensorSpec;
import jmergekit.tokenizer.EmbeddingRows;
import jmergekit.tokenizer.ModelTokenizer;
import jmergekit.tokenizer.TextTokenizer;
import jmergekit.tokenizer.TokenMatches;
import jmergekit.tokenizer.TokenTexts;
import jmergekit.weights.TensorLocation;

/// Plans a transplant from headers and tokenizers.
public final class TransplantPlanner {
    private final TransplantOptions wanted;
    private final PlanOptions planning;
    private final Problems problems;

    public TransplantPlanner(TransplantOptions wanted, PlanOptions planning, Problems problems) {
        this.wanted = wanted;
        this.planning = planning;
        this.problems = problems;
    }

    /// A model with the parts that are read here.
    private record Read(ModelFolder folder, TokenTables tables, ModelTokenizer tokenizer) {
        String label() {
            return folder.reference().toString();
        }

        TokenTexts texts() {
            return new TokenTexts(tokenizer, tables.rows());
        }
    }

    /// The plan.
    ///
    /// @throws MergeException with everything that is wrong with the models, not only the first
    ///     error
    public PlannedTransplant plan(ModelReference model, ModelReference donor) {
        Optional<Read> own = read(model);
        Optional<Read> other = read(donor);
        problems.throwIfErrors();
        return plan(own.orElseThrow(), other.orElseThrow());
    }

    private Optional<Read> read(ModelReference reference) {
        String label = reference.toString();
        if (reference.adapter().isPresent()) {
            problems.add(
                    Problem.input(label, "models are read without adapters")
                            .hint("merge the adapter into its model first, with 'passthrough'"));
        }
        Optional<ModelFolder> folder =
                planning.opened().open(reference, planning.models(), problems);
        if (folder.isEmpty()) {
            return Optional.empty();
        }
        Optional<TokenTables> tables = TokenTables.of(folder.get(), problems);
        try {
            ModelTokenizer tokenizer = ModelTokenizer.read(label, folder.get().tokenizerFolder());
            return tables.map(t -> new Read(folder.get(), t, tokenizer));
        } catch (MergeException e) {
            problems.add(e);
            return Optional.empty();
        }
    }

    private PlannedTransplant plan(Read model, Read donor) {
        checkRows(model, donor);
        checkSpelling(model);
        for (Read read : List.of(model, donor)) {
            new ModelAgreement(read.folder(), read.tables(), read.tokenizer(), problems).check();
        }
        TokenMatches matches = new TokenMatches(model.texts(), donor.texts());
        checkShared(model, donor, matches.count());
        problems.throwIfErrors();
        return plan(model, donor, matches, wanted.within(matches.count()));
    }

    private PlannedTransplant plan(
            Read model, Read donor, TokenMatches matches, TransplantOptions options) {
        int rows = (int) donor.tables().rows();
        List<TokenTable> tables = model.tables().withRows(rows);
        warnOfIdleScopes(model, tables);
        Map<Side, TokenRoutes> routes = new TreeMap<>();
        tables.forEach(
                t -> routes.computeIfAbsent(t.side(), s -> TokenRoutes.of(matches, options, s)));
        Map<Side, Source> donorRows = new TreeMap<>();
        if (options.method().usesDonorRows() || options.magikarp()) {
            tables.forEach(t -> donorRows.put(t.side(), donor.tables().geometry(t.side())));
        }
        String how =
                TransplantIdentity.of(
                        options, planning.seed(), donor.label(), donorRows.values(), matches);
        TransplantIds ids = new TransplantIds(model.folder(), donor.folder(), problems);
        List<TensorTask> tasks = tasks(model.folder(), tables, how);
        return new PlannedTransplant(
                model.folder(),
                donor.folder(),
                options,
                matches,
                tables,
                routes,
                donorRows,
                rows,
                tasks,
                planning.sharding().layout(tasks.stream().map(TensorTask::output).toList()),
                ids.config(model.tokenizer(), donor.tokenizer(), rows),
                ids.generationConfig(model.tokenizer(), donor.tokenizer()),
                planning.seed());
    }

    private void checkRows(Read model, Read donor) {
        int tokens = donor.tokenizer().vocabulary().size();
        if (tokens > donor.tables().rows()) {
            problems.add(
                    Problem.input(donor.label(), "its tokenizer has tokens without embeddings")
                            .expected("ids below " + donor.tables().rows())
                            .found("ids up to " + (tokens - 1))
                            .hint("the output would have the same tokens without rows"));
        }
        if (donor.tables().rows() > EmbeddingRows.MAX_ROWS) {
            problems.add(
                    Problem.input(donor.label(), "its embeddings have too many rows")
                            .expected("at most " + EmbeddingRows.MAX_ROWS)
                            .found(String.valueOf(donor.tables().rows())));
        }
        int own = model.tokenizer().vocabulary().size();
        if (own > model.tables().rows()) {
            problems.add(
                    Problem.input(
                                    model.label(),
                                    "%d tokens of its tokenizer have no embeddings and are ignored"
                                            .formatted(own - model.tables().rows()))
                            .found("%d rows".formatted(model.tables().rows()))
                            .asWarning());
        }
    }

    private void checkSpelling(Read model) {
        if (wanted.method() == ApproximationMethod.SUBWORD) {
            new TextTokenizer(model.label(), model.folder().tokenizerFolder())
                    .missing()
                    .ifPresent(problems::add);
        }
    }

    private void checkShared(Read model, Read donor, int shared) {
        if (shared == 0) {
            problems.add(
                    Problem.input(
                                    donor.label(),
                                    "its tokenizer shares no tokens with that of '%s'"
                                            .formatted(model.label()))
                            .found(
                                    "0 of %d tokens"
                                            .formatted(donor.tokenizer().vocabulary().size()))
                            .hint("check that both models are language models"));
        } else if (wanted.method().usesK() && wanted.kIsGiven() && wanted.k() > shared) {
            problems.add(
                    Problem.usage("-k", "it exceeds the number of shared tokens")
                            .expected("at most " + shared)
                            .found(String.valueOf(wanted.k())));
        } else if (wanted.method().isPursuit() && shared > StoredGram.MOST) {
            // See docs/divergences.md#pursuit-candidates.
            problems.add(
                    Problem.input(
                                    donor.label(),
                                    "only the %d shared tokens with the lowest ids are used to approximate others"
                                            .formatted(StoredGram.MOST))
                            .found(shared + " shared tokens")
                            .asWarning());
        }
    }

    private void warnOfIdleScopes(Read model, List<TokenTable> tables) {
        boolean head = tables.stream().anyMatch(t -> t.side() == Side.HEAD);
        Map<String, MatchScope> scopes = new TreeMap<>();
        scopes.put("--byte-match", wanted.byteMatch());
        scopes.put("--prefix-match", wanted.prefixMatch());
        scopes.forEach((name, scope) -> {
            if (scope == MatchScope.LM_HEAD && !head) {
                problems.add(
                        Problem.usage(
                                        name + " lm_head",
                                        "it has no effect: '%s' has no separate head"
                                                .formatted(model.label()))
                                .hint("its head is tied to the embeddings: use 'embed'")
                                .asWarning());
            }
        });
    }

    private static List<TensorTask> tasks(ModelFolder model, List<TokenTable> tables, String how) {
        Map<String, TokenTable> byName = new HashMap<>();
        tables.forEach(t -> byName.put(t.output().name(), t));
        List<TensorTask> tasks = new ArrayList<>();
        for (TensorSpec tensor : model.checkpoint().tensors()) {
            TokenTable table = byName.get(tensor.name());
            if (table != null) {
                tasks.add(copy(table.output(), new Source.Computed(table.output(), how)));
            } else {
                TensorLocation location = model.checkpoint().find(tensor.name()).orElseThrow();
                tasks.add(
                        copy(
                                tensor,
                                new Source.Stored(
                                        model.inputFile(location.header()), location.entry())));
            }
        }
        return tasks;
    }

    private static TensorTask copy(TensorSpec output, Source source) {
        return new TensorTask(output, List.of(new TaskInput(0, source)), new Work.Copy());
    }
}
