package jmergekit.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The links of all Markdown files. Other sites are not asked.
class LinksTest {
    @Test
    void linksLeadSomewhere() throws IOException {
        Path project = Path.of("");
        List<Path> files = Markdown.files(project.toAbsolutePath());

        assertThat(files)
                .map(f -> project.toAbsolutePath().relativize(f).toString())
                .contains("README.md", ".github/CONTRIBUTING.md", "docs/index.md")
                .anyMatch(f -> f.startsWith("examples/"));
        List<String> wrong = new ArrayList<>();
        for (Path file : files) {
            wrong.addAll(wrongIn(project.toAbsolutePath(), file));
        }
        assertThat(wrong).isEmpty();
    }

    private static List<String> wrongIn(Path project, Path file) throws IOException {
        Markdown page = Markdown.read(file);
        List<String> wrong = new ArrayList<>();
        for (Markdown.Target target : page.targets()) {
            fault(project, file, target.destination())
                    .ifPresent(fault ->
                            wrong.add(
                                    "%s:%d: %s: %s"
                                            .formatted(
                                                    project.relativize(file),
                                                    target.line(),
                                                    target.destination(),
                                                    fault)));
        }
        for (String label : page.missingDefinitions()) {
            wrong.add("%s: [%s]: not defined".formatted(project.relativize(file), label));
        }
        for (Markdown.Target unused : page.unusedDefinitions()) {
            wrong.add(
                    "%s:%d: [%s]: not used"
                            .formatted(
                                    project.relativize(file), unused.line(), unused.destination()));
        }
        return wrong;
    }

    private static Optional<String> fault(Path project, Path file, String destination)
            throws IOException {
        URI uri;
        try {
            uri = new URI(destination);
        } catch (URISyntaxException e) {
            return Optional.of("not well-formed");
        }
        if (uri.getScheme() != null || destination.startsWith("//")) {
            return faultOfSite(uri);
        }
        if (uri.getQuery() != null) {
            return Optional.of("a query in a link to a file");
        }
        Path target =
                uri.getPath().isEmpty() ? file : file.resolveSibling(uri.getPath()).normalize();
        if (uri.getPath().startsWith("/") || !target.startsWith(project)) {
            return Optional.of("leaves the repository");
        }
        if (!Files.exists(target) || !isSpeltSo(project, target)) {
            return Optional.of("no such file");
        }
        if (uri.getFragment() == null) {
            return Optional.empty();
        }
        if (!target.toString().endsWith(".md")) {
            return Optional.of("an anchor in a file that is not a page");
        }
        return Markdown.read(target).anchors().contains(uri.getFragment())
                ? Optional.empty()
                : Optional.of("no such heading");
    }

    private static Optional<String> faultOfSite(URI uri) {
        if (!"https".equals(uri.getScheme())) {
            return Optional.of("not https");
        }
        return uri.getHost() != null && uri.getHost().matches("[a-z0-9-]+(\\.[a-z0-9-]+)+")
                ? Optional.empty()
                : Optional.of("no site of this name");
    }

    /// Some file systems find a name in another case.
    private static boolean isSpeltSo(Path project, Path target) throws IOException {
        Path real = target.toRealPath(LinkOption.NOFOLLOW_LINKS);
        return real.endsWith(project.relativize(target));
    }

    static List<Arguments> links() {
        return List.of(
                Arguments.of("[a](docs/page.md)", ""),
                Arguments.of("[a](docs/)", ""),
                Arguments.of("[a](docs/page.md#the-head-of-it)", ""),
                Arguments.of("[a](docs/page.md#the-head-of-it-1)", ""),
                Arguments.of("[a](#top-code_1)", ""),
                Arguments.of("[a](docs/a%20b.md)", ""),
                Arguments.of("![a](docs/picture.svg)", ""),
                Arguments.of("[a][page] [page][] [page]\n\n[page]: docs/page.md", ""),
                Arguments.of("<https://example.org/a?b=c#d>", ""),
                Arguments.of("`[a](nowhere.md)`", ""),
                Arguments.of("```\n[a](nowhere.md)\n```", ""),
                Arguments.of("[a](docs/Page.md)", "no such file"),
                Arguments.of("[a](Docs/page.md)", "no such file"),
                Arguments.of("[a](docs/pages.md)", "no such file"),
                Arguments.of("![a](docs/picture.png)", "no such file"),
                Arguments.of("<img src=\"docs/picture.png\">", "no such file"),
                Arguments.of("|a|\n|---|\n|[a](nowhere.md)|", "no such file"),
                Arguments.of("[a](docs/page.md#the-head)", "no such heading"),
                Arguments.of("[a](docs/page.md#The-head-of-it)", "no such heading"),
                Arguments.of("[a](docs/page.md#the-head-of-it-2)", "no such heading"),
                Arguments.of("[a](#in-code)", "no such heading"),
                Arguments.of("[a](docs/picture.svg#L1)", "an anchor in a file that is not a page"),
                Arguments.of("[a](../other/page.md)", "leaves the repository"),
                Arguments.of("[a](/docs/page.md)", "leaves the repository"),
                Arguments.of("[a](docs/page.md?raw=true)", "a query in a link to a file"),
                Arguments.of("[a][nowhere]", "not defined"),
                Arguments.of("[page]: docs/page.md", "not used"),
                Arguments.of("[a](http://example.org)", "not https"),
                Arguments.of("see http://example.org.", "not https"),
                Arguments.of("[a](//example.org)", "not https"),
                Arguments.of("[a](https://example)", "no site of this name"),
                Arguments.of("[a](https://)", "not well-formed"),
                Arguments.of("[a](https://example.org/{a})", "not well-formed"));
    }

    @ParameterizedTest
    @MethodSource("links")
    void brokenLinksAreFound(String text, String fault, @TempDir Path project) throws IOException {
        Path docs = Files.createDirectory(project.resolve("docs"));
        Files.writeString(
                docs.resolve("page.md"), "# Page\n\n## The head of it\n\n## The *head*, of it!\n");
        Files.writeString(docs.resolve("a b.md"), "");
        Files.writeString(docs.resolve("picture.svg"), "");
        Path readme = project.resolve("README.md");
        Files.writeString(readme, "# Top `code_1`\n\n```\n# In code\n```\n\n" + text);

        List<String> wrong = wrongIn(project, readme);

        if (fault.isEmpty()) {
            assertThat(wrong).isEmpty();
        } else {
            assertThat(wrong).singleElement().asString().startsWith("README.md").endsWith(fault);
        }
    }

    @Test
    void theLineOfALinkIsNamed(@TempDir Path project) throws IOException {
        Path readme = project.resolve("README.md");
        Files.writeString(readme, "---\na: b\n---\n\nText\nand [a\nlink](nowhere.md).\n");

        assertThat(wrongIn(project, readme))
                .containsExactly("README.md:6: nowhere.md: no such file");
    }
}
