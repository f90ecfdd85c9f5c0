package jmergekit.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A Markdown file of the documentation, as far as the tests look at it.
///
/// @param file relative to the project's folder
public record Page(Path file, String text) {
    private static final Pattern FENCED =
            Pattern.compile("^```(\\w*)\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern HEADING = Pattern.compile("^#+ +(.+)$", Pattern.MULTILINE);
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /// README and changelog, all of `docs`, and what is in `.github`.
    static List<Page> all() throws IOException {
        List<Page> pages = new ArrayList<>();
        pages.add(read(Path.of("README.md")));
        pages.add(read(Path.of("CHANGELOG.md")));
        for (Path folder : List.of(Path.of("docs"), Path.of(".github"))) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(".md")).sorted().toList()) {
                    pages.add(read(file));
                }
            }
        }
        return pages;
    }

    public static Page read(Path file) throws IOException {
        return new Page(file, Files.readString(file));
    }

    /// The targets of its links within the project.
    List<String> links() {
        return Markdown.of(file, text).targets().stream()
                .map(Markdown.Target::destination)
                .filter(l -> !l.startsWith("https:"))
                .toList();
    }

    /// The part under the second-level heading that begins so.
    public Page section(String heading) {
        int from = text.indexOf("\n## " + heading);
        if (from < 0) {
            throw new IllegalArgumentException(file + " has no section '" + heading + "'");
        }
        int next = text.indexOf("\n## ", from + 1);
        return new Page(file, text.substring(from, next < 0 ? text.length() : next));
    }

    /// What a link can name after `#`.
    Set<String> anchors() {
        return Markdown.of(file, text).anchors();
    }

    /// The contents of its code blocks in a language.
    public List<String> blocks(String language) {
        return FENCED.matcher(text)
                .results()
                .filter(m -> m.group(1).equals(language))
                .map(m -> m.group(2))
                .toList();
    }

    /// The cells of the rows of its tables, heads and rules left out, under a heading and up to the
    /// next one.
    List<List<String>> rows(String heading) {
        String section =
                HEADING.matcher(prose())
                        .results()
                        .filter(m -> m.group(1).equals(heading))
                        .map(m -> prose().substring(m.end()).split("\n#", 2)[0])
                        .findFirst()
                        .orElseThrow(() -> new AssertionError(file + " has no '" + heading + "'"));
        return rowsIn(section);
    }

    /// The same of all its tables.
    public List<List<String>> rows() {
        return rowsIn(prose());
    }

    private static List<List<String>> rowsIn(String text) {
        List<String> lines = text.lines().toList();
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            boolean head = i + 1 < lines.size() && lines.get(i + 1).startsWith("|---");
            if (lines.get(i).startsWith("|") && !lines.get(i).startsWith("|---") && !head) {
                String line = lines.get(i);
                String[] cells = line.substring(1, line.lastIndexOf('|')).split("\\|", -1);
                rows.add(Arrays.stream(cells).map(String::strip).toList());
            }
        }
        return rows;
    }

    /// The code spans of a text.
    public static List<String> code(String text) {
        return CODE.matcher(text).results().map((MatchResult m) -> m.group(1)).toList();
    }

    private String prose() {
        return FENCED.matcher(text).replaceAll("");
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
