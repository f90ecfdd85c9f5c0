package jmergekit.output;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jmergekit.engine.BoundPlan;
import jmergekit.method.MergeMethods;
import jmergekit.model.ConfigJson;
import jmergekit.plan.Plan;
import jmergekit.plan.PlannedFile;
import jmergekit.plan.TensorTask;
import jmergekit.plan.Work;
import jmergekit.planner.PlanOptions;
import jmergekit.planner.WantedExperts;
import jmergekit.problem.MergeException;
import jmergekit.shards.ShardFormat;
import jmergekit.weights.JsonTree;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A note that an output keeps next to its recipe, in `mergekit_config.plan.json` or a similar
/// file: the hash of its plan, and everything that the plan depends on besides the recipe and its
/// models.
///
/// @param plan the hash
/// @param program the program that made the output, with its version; empty in outputs of old
///     versions
/// @param settings empty in outputs of old versions and of commands without a recipe
/// @param plugins for each merge method that is not built in, its plugin's name and version
public record PlanNote(
        String plan,
        Optional<String> program,
        Optional<Settings> settings,
        SortedMap<String, String> plugins) {
    /// The suffix of the files' names.
    private static final String SUFFIX = ".plan.json";

    private static final Pattern HASH = Pattern.compile("sha256:[0-9a-f]{64}");
    private static final int LONGEST_PROGRAM = 100;
    private static final int LONGEST_PLUGIN = 300;
    private static final long MAX_BYTES = 1 << 16;

    /// The options of a run that affect its plan.
    ///
    /// @param seed the seed of random methods
    /// @param shardBytes the most bytes of tensor data in a file
    /// @param safeSerialization whether the weights are safetensors
    /// @param copyTokenizer whether the tokenizer's files are copied
    /// @param experts the layout of experts
    public record Settings(
            long seed,
            long shardBytes,
            boolean safeSerialization,
            boolean copyTokenizer,
            WantedExperts experts) {
        /// The JSON in the file.
        public ObjectNode json() {
            return JsonTree.MAPPER
                    .createObjectNode()
                    .put("random_seed", seed)
                    .put("out_shard_size", shardBytes)
                    .put("safe_serialization", safeSerialization)
                    .put("copy_tokenizer", copyTokenizer)
                    .put("expert_layout", experts.name().toLowerCase(Locale.ROOT));
        }
    }

    /// A plan whose note lists what it depends on. Plans without cards are not changed.
    public static BoundPlan in(BoundPlan bound, PlanOptions options, boolean copyTokenizer) {
        Settings settings =
                new Settings(
                        options.seed(),
                        options.sharding().maxBytes(),
                        options.sharding().format() == ShardFormat.SAFETENSORS,
                        copyTokenizer,
                        options.experts());
        SortedMap<String, String> plugins = plugins(bound.plan(), options.methods());
        List<PlannedFile.Text> cards =
                bound.plan().cards().stream()
                        .map(card ->
                                card.name().endsWith(SUFFIX)
                                        ? new PlannedFile.Text(
                                                card.name(),
                                                text(bound.plan().hash(), settings, plugins))
                                        : card)
                        .toList();
        return bound.with(bound.plan().withCards(cards));
    }

    private static SortedMap<String, String> plugins(Plan plan, MergeMethods methods) {
        SortedMap<String, String> plugins = new TreeMap<>();
        plan.tasks().stream()
                .flatMap(task -> Stream.concat(Stream.of(task), task.inner().stream()))
                .flatMap(task -> task.parts().stream())
                .map(TensorTask::work)
                .filter(Work.Merge.class::isInstance)
                .map(work -> ((Work.Merge) work).method())
                .distinct()
                .forEach(name ->
                        methods.named(name)
                                .flatMap(m -> m.info().plugin())
                                .ifPresent(plugin -> plugins.put(name, plugin)));
        return plugins;
    }

    private static String text(String hash, Settings settings, Map<String, String> plugins) {
        ObjectNode json = JsonTree.MAPPER.createObjectNode();
        json.put("plan", hash);
        json.put("program", CardModels.program());
        json.set("settings", settings.json());
        if (!plugins.isEmpty()) {
            plugins.forEach(json.putObject("plugins")::put);
        }
        return ConfigJson.write(json);
    }

    /// Reads the note of an output; empty if there is none, or it is invalid.
    ///
    /// @param file the file that the note describes, such as `mergekit_config.yml`
    public static Optional<PlanNote> read(Path folder, String file) {
        Path note = folder.resolve(file.replaceFirst("\\.[a-z]+$", "") + SUFFIX);
        if (!Files.isRegularFile(note, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try {
            JsonNode json = JsonTree.read(note, MAX_BYTES, note.toString());
            return Optional.of(json.path("plan").asString(""))
                    .filter(hash -> HASH.matcher(hash).matches())
                    .map(hash ->
                            new PlanNote(
                                    hash,
                                    Optional.of(json.path("program").asString(""))
                                            .filter(Predicate.not(String::isBlank))
                                            .filter(p -> p.length() <= LONGEST_PROGRAM),
                                    settings(json.path("settings")),
                                    plugins(json.path("plugins"))));
        } catch (MergeException _) {
            return Optional.empty();
        }
    }

    private static SortedMap<String, String> plugins(JsonNode json) {
        SortedMap<String, String> plugins = new TreeMap<>();
        json.properties()
                .forEach(e -> {
                    String plugin = e.getValue().asString("");
                    if (!plugin.isBlank() && plugin.length() <= LONGEST_PLUGIN) {
                        plugins.put(e.getKey(), plugin);
                    }
                });
        return plugins;
    }

    private static Optional<Settings> settings(JsonNode json) {
        JsonNode seed = json.path("random_seed");
        JsonNode bytes = json.path("out_shard_size");
        JsonNode safe = json.path("safe_serialization");
        JsonNode copy = json.path("copy_tokenizer");
        Optional<WantedExperts> experts =
                Stream.of(WantedExperts.values())
                        .filter(e ->
                                e.name()
                                        .toLowerCase(Locale.ROOT)
                                        .equals(json.path("expert_layout").asString("")))
                        .findFirst();
        boolean known =
                seed.isIntegralNumber()
                        && seed.canConvertToLong()
                        && bytes.isIntegralNumber()
                        && bytes.canConvertToLong()
                        && bytes.longValue() > 0
                        && safe.isBoolean()
                        && copy.isBoolean()
                        && experts.isPresent();
        return known
                ? Optional.of(
                        new Settings(
                                seed.longValue(),
                                bytes.longValue(),
                                safe.booleanValue(),
                                copy.booleanValue(),
                                experts.get()))
                : Optional.empty();
    }
}
