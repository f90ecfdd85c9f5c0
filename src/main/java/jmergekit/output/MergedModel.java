package jmergekit.output;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.stream.Stream;
import jmergekit.engine.BoundPlan;
import jmergekit.engine.InputFolders;
import jmergekit.model.ConfigJson;
import jmergekit.model.ModelFolder;
import jmergekit.plan.Plan;
import jmergekit.planner.MergeListing;
import jmergekit.planner.PlannedMerge;
import jmergekit.planner.TensorCounts;
import jmergekit.planner.TokenizerPlan;
import jmergekit.planner.TokenizerPlan.Merged;
import jmergekit.tokenizer.TokenizerOutput;
import jmergekit.tokenizer.TokenizerOutput.Content;
import jmergekit.weights.FolderState;
import tools.jackson.databind.node.ObjectNode;

/// A merged model: its plan, with all files of its folder except the weights and their index.
///
/// @param copyTokenizer whether they include the donor's generation config, and its tokenizer if
///     that is not changed
public record MergedModel(PlannedMerge merge, boolean copyTokenizer) implements PlannedOutput {
    private static final String RECIPE = "mergekit_config.yml";

    @Override
    public BoundPlan plan(PendingFiles pending, Optional<String> card) {
        Map<String, Path> folders = new LinkedHashMap<>();
        merge.inputs().forEach(m -> folders.putAll(m.namedFolders()));
        merge.allStatistics()
                .forEach(s ->
                        folders.putIfAbsent(s.folderName(), s.weights().checkpoint().folder()));
        PlanFiles files = new PlanFiles(folders, pending);
        add(files);
        Optional<Merged> merged = merge.tokenizer().flatMap(TokenizerPlan::merged);
        Plan plan =
                new Plan(
                        merge.labels(),
                        merge.tasks(),
                        merge.shards(),
                        files.list(),
                        List.of(),
                        merged.map(m -> OptionalLong.of(m.embeddings().rows()))
                                .orElse(OptionalLong.empty()),
                        Map.of(),
                        MergeListing.of(merge));
        Plan carded =
                PlanFiles.withCards(
                        plan,
                        card,
                        (title, hash) -> ModelCard.text(merge, title, hash),
                        RECIPE,
                        merge.config().text());
        List<FolderState> states =
                Stream.concat(
                                merge.inputs().stream().flatMap(m -> m.states().stream()),
                                merge.allStatistics().stream().map(s -> s.weights().state()))
                        .toList();
        return new BoundPlan(carded, new InputFolders(files.folders(), states));
    }

    // config.json, which makes the folder loadable, comes last.
    private void add(PlanFiles files) {
        Optional<TokenizerPlan> tokenizer = merge.outputTokenizer().filter(this::isWritten);
        ModelFolder donor = merge.donorModel();
        boolean copied = copyTokenizer && tokenizer.isEmpty();
        Path folder = donor.folder();
        String name = donor.reference().folderName();
        if (!copied || folder.equals(donor.tokenizerFolder())) {
            files.copy(
                    folder, name, SideFiles.of(folder, copied), SideFiles.wanted(folder, copied));
        } else {
            addApart(donor, files);
        }
        tokenizer.ifPresent(t -> add(t, files));
        files.text("config.json", ConfigJson.write(OutputConfig.json(merge)));
    }

    // The tokenizer is in the adapter's folder.
    private static void addApart(ModelFolder donor, PlanFiles files) {
        Path folder = donor.folder();
        Predicate<String> wanted = SideFiles.wanted(folder, true);
        files.copy(
                folder,
                donor.reference().folderName(),
                SideFiles.of(folder, true).stream()
                        .filter(f -> !SideFiles.isOfTokenizer(f.name()))
                        .toList(),
                path -> wanted.test(path) && !SideFiles.isOfTokenizer(path));
        Path tokenizer = donor.tokenizerFolder();
        files.copy(
                tokenizer,
                donor.reference().toString(),
                SideFiles.tokenizer(tokenizer),
                SideFiles::isOfTokenizer);
        files.sort();
    }

    private void add(TokenizerPlan tokenizer, PlanFiles files) {
        TokenizerOutput output = tokenizer.files();
        Map<String, Content> written = output.written();
        Predicate<String> kept =
                name ->
                        SideFiles.isOfTokenizer(name)
                                && !written.containsKey(name)
                                && !output.isOutdated(name);
        List<SideFile> there =
                SideFiles.tokenizer(output.folder()).stream()
                        .filter(f -> kept.test(f.name()))
                        .toList();
        if (merge.makerOfTokenizer(output.folder()).isPresent()) {
            there.forEach(f -> addMade(f.name(), output, files));
        } else {
            files.copy(output.folder(), output.label(), there, kept);
        }
        written.forEach((name, content) -> files.text(name, text(content)));
        if (copyTokenizer) {
            addGenerationConfig(tokenizer, files);
        }
    }

    // The folder exists only during planning: the file is written by the inner recipe, or copied
    // from the file that the inner recipe copies.
    private void addMade(String name, TokenizerOutput output, PlanFiles files) {
        Optional<TokenizerOutput> inner =
                merge.makerOfTokenizer(output.folder())
                        .flatMap(PlannedMerge::outputTokenizer)
                        .map(TokenizerPlan::files);
        if (inner.isEmpty()) {
            SideFile file = new SideFile(name, output.folder().resolve(name));
            files.copy(output.folder(), output.label(), List.of(file), _ -> false);
        } else if (inner.get().written().containsKey(name)) {
            files.text(name, text(inner.get().written().get(name)));
        } else {
            addMade(name, inner.get(), files);
        }
    }

    private static String text(Content content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            content.writeTo(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private void addGenerationConfig(TokenizerPlan tokenizer, PlanFiles files) {
        String name = SideFiles.GENERATION_CONFIG;
        Optional<ObjectNode> changed = tokenizer.merged().flatMap(Merged::generationConfig);
        if (changed.isPresent()) {
            files.text(name, ConfigJson.write(changed.get()));
            return;
        }
        ModelFolder donor = merge.donorModel();
        files.copy(
                donor.folder(),
                donor.reference().folderName(),
                SideFiles.of(donor.folder(), true).stream()
                        .filter(f -> f.name().equals(name))
                        .toList(),
                name::equals);
    }

    @Override
    public Map<Path, Predicate<String>> copied() {
        Map<Path, Predicate<String>> copied = new LinkedHashMap<>();
        ModelFolder donor = merge.donorModel();
        copied.put(donor.folder(), SideFiles.wanted(donor.folder(), copyTokenizer));
        Optional<Path> made =
                merge.outputTokenizer().filter(this::isWritten).map(t -> t.files().folder());
        made.or(() -> Optional.of(donor.tokenizerFolder()).filter(_ -> copyTokenizer))
                .ifPresent(f -> copied.merge(f, SideFiles::isOfTokenizer, Predicate::or));
        return copied;
    }

    @Override
    public List<Path> inputs() {
        return Stream.concat(
                        merge.inputs().stream().flatMap(m -> m.folders().stream()),
                        Stream.concat(
                                merge.tokenizer().stream().map(t -> t.files().folder()),
                                merge.allStatistics().stream()
                                        .flatMap(s -> s.weights().files().stream())))
                .toList();
    }

    @Override
    public String made() {
        return TensorCounts.of(merge).withForms();
    }

    // A merged vocabulary has only the tokenizer that was made for it.
    private boolean isWritten(TokenizerPlan tokenizer) {
        return copyTokenizer || tokenizer.merged().isPresent();
    }
}
