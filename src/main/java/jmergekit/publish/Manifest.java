package jmergekit.publish;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import jmergekit.problem.MergeException;
import jmergekit.weights.JsonTree;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The list of files that a run wrote into its output folder. It is written last, so a folder whose
/// files all match it is complete. It is hidden: loaders and uploads skip it.
///
/// @param files by path in the folder, with forward slashes
public record Manifest(SortedMap<String, Entry> files) {
    /// The file's name.
    public static final String NAME = ".jmergekit-files.json";

    /// What is recorded about a file.
    ///
    /// @param bytes its size
    /// @param sha256 checksum of the content, in hex, for files that people edit: up to 1 MiB
    public record Entry(long bytes, Optional<String> sha256) {}

    private static final long HASHED_BYTES = 1 << 20;
    private static final long MAX_BYTES = 4 << 20;
    private static final Pattern PATH =
            Pattern.compile("(?!\\.\\.?(/|$))[^/\\\\\\x00]+(/(?!\\.\\.?(/|$))[^/\\\\\\x00]+)*");
    private static final String ABOUT =
            "What jmergekit wrote here; --overwrite replaces nothing else. Models load without it.";

    public Manifest {
        files = new TreeMap<>(files);
    }

    /// The manifest of files that exist now.
    public static Manifest of(Path folder, Collection<String> names) throws IOException {
        SortedMap<String, Entry> files = new TreeMap<>();
        for (String name : names) {
            files.put(name, entry(folder.resolve(name)));
        }
        return new Manifest(files);
    }

    private static Entry entry(Path file) throws IOException {
        long bytes = Files.size(file);
        return new Entry(
                bytes, bytes > HASHED_BYTES ? Optional.empty() : Optional.of(sha256(file)));
    }

    private static String sha256(Path file) throws IOException {
        return Sha256.hex(Files.readAllBytes(file));
    }

    /// The manifest of a folder; empty if it has none, or an invalid one.
    public static Optional<Manifest> read(Path folder) {
        Path file = folder.resolve(NAME);
        try {
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    ? parse(JsonTree.read(file, MAX_BYTES, NAME))
                    : Optional.empty();
        } catch (MergeException e) {
            return Optional.empty();
        }
    }

    /// Parses the content of a manifest.
    static Optional<Manifest> parse(byte[] text) {
        try {
            return parse(JsonTree.read(text));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    private static Optional<Manifest> parse(JsonNode json) {
        SortedMap<String, Entry> files = new TreeMap<>();
        for (Map.Entry<String, JsonNode> e : json.path("files").properties()) {
            JsonNode bytes = e.getValue().path("bytes");
            if (!PATH.matcher(e.getKey()).matches() || !bytes.canConvertToLong()) {
                return Optional.empty();
            }
            JsonNode sha256 = e.getValue().path("sha256");
            Optional<String> hash =
                    sha256.isString() ? Optional.of(sha256.stringValue()) : Optional.empty();
            files.put(e.getKey(), new Entry(bytes.longValue(), hash));
        }
        return files.isEmpty() ? Optional.empty() : Optional.of(new Manifest(files));
    }

    /// The file's text.
    public String text() {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("about", ABOUT);
        ObjectNode list = json.putObject("files");
        files.forEach((name, entry) -> {
            ObjectNode file = list.putObject(name);
            file.put("bytes", entry.bytes());
            entry.sha256().ifPresent(h -> file.put("sha256", h));
        });
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
    }

    /// Whether the file at this path is listed and unchanged. Links do not match.
    boolean matches(Path folder, String name) {
        Entry expected = files.get(name);
        Path file = folder.resolve(name);
        try {
            return expected != null
                    && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    && Files.size(file) == expected.bytes()
                    && (expected.sha256().isEmpty()
                            || expected.bytes() <= HASHED_BYTES
                                    && expected.sha256().get().equals(sha256(file)));
        } catch (IOException e) {
            return false;
        }
    }

    /// Whether a file with this content is listed.
    boolean holds(String name, byte[] content) {
        Entry entry = files.get(name);
        return entry != null && entry.sha256().equals(Optional.of(Sha256.hex(content)));
    }

    /// The files that are missing or changed.
    public List<String> differing(Path folder) {
        return files.keySet().stream().filter(name -> !matches(folder, name)).toList();
    }
}
