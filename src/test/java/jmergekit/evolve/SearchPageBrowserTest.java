package jmergekit.evolve;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import jmergekit.fixture.Browser;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The page in a real browser.
@Tag("browser")
class SearchPageBrowserTest {
    /// Moves through the first chart with keys, and measures.
    private static final String PROBE =
            """
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
            """;

    @TempDir Path folder;

    @Test
    void thePageRunsWithoutErrors() throws Exception {
        Browser.Seen seen = new Browser(folder).open(SearchPage.html(SampleSearch.usual()));

        assertThat(seen.attribute("ready")).isEqualTo("true");
        assertThat(seen.attribute("error")).isEmpty();
        assertThat(seen.log()).doesNotContain("CONSOLE");
        assertThat(seen.page()).contains("id=\"chart-1\"", "class=\"tip\"", "Pareto front");
    }

    @ParameterizedTest
    @ValueSource(ints = {390, 1200})
    void nothingIsWiderThanTheScreen(int width) throws Exception {
        Browser.Seen seen =
                new Browser(folder)
                        .open(Browser.framed(SearchPage.html(SampleSearch.usual()), width, PROBE));

        assertThat(seen.attribute("wide")).isEqualTo(width + " of " + width);
    }

    @Test
    void manyTasksAndVariablesFitIntoAPhone() throws Exception {
        SearchSummary summary = new SampleSearch(2_500, 300, 50).summary();
        Browser.Seen seen =
                new Browser(folder).open(Browser.framed(SearchPage.html(summary), 390, PROBE));

        assertThat(seen.attribute("wide")).isEqualTo("390 of 390");
    }

    @Test
    void keysMoveFromPointToPoint() throws Exception {
        Browser.Seen seen =
                new Browser(folder)
                        .open(Browser.probed(SearchPage.html(SampleSearch.usual()), PROBE));

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
        Browser.Seen seen = new Browser(folder).open(html);

        assertThat(seen.attribute("ready")).isEqualTo("true");
        assertThat(seen.page()).doesNotContain("<title>run");
        assertThat(seen.attribute("error")).startsWith("script-src");
    }
}
