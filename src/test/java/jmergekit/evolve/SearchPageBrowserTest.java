package jmergekit.evolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The page in a real browser.
@Tag("browser")
class SearchPageBrowserTest {
    private static final Pattern POLICY = Pattern.compile("<meta http-equiv=[^>]*>");

    /// Moves through the first chart with keys, and measures.
    private static final String PROBE =
            """
            <script>
            const root = document.documentElement;
            const seen = top.document.documentElement.dataset;
            const box = document.getElementById("chart-1");
            box.dispatchEvent(new KeyboardEvent("keydown", {key: "ArrowRight"}));
            seen.said = document.getElementById("chart-1-said").textContent;
            seen.tip = document.querySelector(".tip").textContent;
            seen.ring = document.querySelectorAll(".ring").length;
            document.getElementById("theme").click();
            seen.theme = root.style.colorScheme;
            seen.wide = root.scrollWidth + " of " + root.clientWidth;
            </script>
            """;

    @TempDir Path folder;

    private record Seen(String page, String log) {
        String attribute(String name) {
            String start = page.substring(0, page.indexOf("<head>"));
            Matcher found = Pattern.compile("data-" + name + "=\"([^\"]*)\"").matcher(start);
            return found.find() ? found.group(1) : "";
        }
    }

    private static Optional<Path> browser() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.of("chromium", "google-chrome", "chromium-browser")
                .flatMap(name -> Stream.of(path.split(":")).map(d -> Path.of(d, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private Seen open(String html) throws IOException, InterruptedException {
        Optional<Path> browser = browser();
        assumeTrue(browser.isPresent(), "neither chromium nor google-chrome is on the PATH");
        Path page = Files.writeString(folder.resolve("report.html"), html);
        Path out = folder.resolve("out.html");
        Path log = folder.resolve("log.txt");
        List<String> command =
                new ArrayList<>(
                        List.of(
                                browser.orElseThrow().toString(),
                                "--headless",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-dev-shm-usage",
                                "--user-data-dir=" + folder.resolve("profile"),
                                "--hide-scrollbars",
                                "--window-size=1200,900",
                                "--virtual-time-budget=2000",
                                "--enable-logging=stderr",
                                "--dump-dom",
                                page.toUri().toString()));
        Process process =
                new ProcessBuilder(command)
                        .redirectOutput(out.toFile())
                        .redirectError(log.toFile())
                        .start();
        boolean ended = process.waitFor(90, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertThat(ended).isTrue();
        return new Seen(Files.readString(out), Files.readString(log, StandardCharsets.ISO_8859_1));
    }

    private static String probed(String html) {
        return POLICY.matcher(html).replaceFirst("").replace("</body>", PROBE + "</body>");
    }

    /// In a frame: windows have a least width.
    private static String framed(String html, int width) {
        String inside = probed(html).replace("&", "&amp;").replace("\"", "&quot;");
        return "<!DOCTYPE html><html><head></head><body><iframe width=\"%d\" height=\"800\" frameborder=\"0\" srcdoc=\"%s\"></iframe></body></html>"
                .formatted(width, inside);
    }

    @Test
    void thePageRunsWithoutErrors() throws Exception {
        Seen seen = open(SearchPage.html(SampleSearch.usual()));

        assertThat(seen.attribute("ready")).isEqualTo("true");
        assertThat(seen.attribute("error")).isEmpty();
        assertThat(seen.log()).doesNotContain("CONSOLE");
        assertThat(seen.page()).contains("id=\"chart-1\"", "class=\"tip\"", "Pareto front");
    }

    @ParameterizedTest
    @ValueSource(ints = {390, 1200})
    void nothingIsWiderThanTheScreen(int width) throws Exception {
        Seen seen = open(framed(SearchPage.html(SampleSearch.usual()), width));

        assertThat(seen.attribute("wide")).isEqualTo(width + " of " + width);
    }

    @Test
    void manyTasksAndVariablesFitIntoAPhone() throws Exception {
        SearchSummary summary = new SampleSearch(2_500, 300, 50).summary();
        Seen seen = open(framed(SearchPage.html(summary), 390));

        assertThat(seen.attribute("wide")).isEqualTo("390 of 390");
    }

    @Test
    void keysMoveFromPointToPoint() throws Exception {
        Seen seen = open(probed(SearchPage.html(SampleSearch.usual())));

        assertThat(seen.attribute("said")).matches("winner \\(\\d+\\), held-out items: 0\\.8\\d+");
        assertThat(seen.attribute("tip")).isEqualTo(seen.attribute("said"));
        assertThat(seen.attribute("ring")).isEqualTo("1");
        assertThat(seen.attribute("theme")).isEqualTo("dark");
    }

    @Test
    void scriptsThatAreNotThePagesOwnAreNotRun() throws Exception {
        String html =
                SearchPage.html(SampleSearch.usual())
                        .replace("</body>", "<script>document.title = 'run'</script></body>");
        Seen seen = open(html);

        assertThat(seen.attribute("ready")).isEqualTo("true");
        assertThat(seen.page()).doesNotContain("<title>run");
        assertThat(seen.attribute("error")).startsWith("script-src");
    }
}
