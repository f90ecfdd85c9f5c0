package jmergekit.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import jmergekit.fixture.Browser;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What readers do with a page, in a real browser.
@Tag("browser")
class PageBrowserTest {
    private static final String PROBE =
            """
            const seen = top.document.documentElement.dataset;
            const key = (name) => document.getElementById("chart-1")
              .dispatchEvent(new KeyboardEvent("keydown", {key: name}));
            const said = () => document.getElementById("chart-1-said").textContent;
            key("Home");
            seen.home = said();
            key("ArrowDown");
            seen.down = said();
            key("ArrowRight");
            seen.right = said();
            key("ArrowUp");
            seen.up = said();
            seen.ring = document.querySelector("rect.ring").getAttribute("y");

            const shown = () => [...document.querySelectorAll(".option")]
              .map((option) => option.offsetHeight > 0).join(" ");
            seen.first = shown();
            const select = document.querySelector("select");
            select.value = "1";
            select.dispatchEvent(new Event("change"));
            seen.second = shown();

            const input = document.querySelector("input");
            const rows = () => [...document.querySelectorAll(".finder tbody tr")]
              .filter((row) => row.offsetHeight > 0).map((row) => row.cells[0].textContent).join(" ");
            input.value = "A  1";
            input.dispatchEvent(new Event("input"));
            seen.found = rows();
            seen.count = document.querySelector(".count").textContent;
            input.value = "";
            input.dispatchEvent(new Event("input"));
            const sort = document.querySelectorAll(".sort")[1];
            sort.click();
            seen.descending = rows() + " " + sort.parentElement.getAttribute("aria-sort");
            sort.click();
            seen.ascending = rows() + " " + sort.parentElement.getAttribute("aria-sort");

            const values = document.querySelector(".values");
            values.open = true;
            values.addEventListener("toggle", () => {
              seen.values = values.querySelectorAll("td").length + " " + values.querySelector("td").textContent;
            });
            """;

    @TempDir Path folder;

    private static HeatMap heat(String title) {
        return new HeatMap(
                        title,
                        "what",
                        List.of("q", "v"),
                        List.of("0", "1"),
                        List.of(new double[] {1, 2}, new double[] {3, Double.NaN}))
                .across("layer");
    }

    private static String page() {
        Page page = new Page("a");
        Table table =
                new Table(
                        "rows",
                        List.of(Table.Column.text("name"), Table.Column.number("value")),
                        List.of(
                                Table.Row.of("a", "1,000"),
                                Table.Row.of("b", "1.000e-05"),
                                Table.Row.of("c", "–"),
                                Table.Row.of("d", "200.0")));
        page.section("b")
                .choice("Figure", List.of(Choice.of(heat("one"), ""), Choice.of(heat("two"), "")))
                .searchable(table, 10, "");
        return page.html();
    }

    @Test
    void keysMoveOverCellsInBothDirections() throws Exception {
        Browser.Seen seen = new Browser(folder).open(Browser.probed(page(), PROBE));

        assertThat(seen.attribute("home")).isEqualTo("q, layer 0: 1");
        assertThat(seen.attribute("down")).isEqualTo("v, layer 0: 3");
        assertThat(seen.attribute("right")).isEqualTo("v, layer 1: no value");
        assertThat(seen.attribute("up")).isEqualTo("q, layer 1: 2");
        assertThat(seen.attribute("ring")).isEqualTo("22");
        assertThat(seen.attribute("error")).isEmpty();
    }

    @Test
    void oneOfSeveralFiguresIsShown() throws Exception {
        Browser.Seen seen = new Browser(folder).open(Browser.probed(page(), PROBE));

        assertThat(seen.attribute("first")).isEqualTo("true false");
        assertThat(seen.attribute("second")).isEqualTo("false true");
    }

    @Test
    void tablesAreFilteredAndSorted() throws Exception {
        Browser.Seen seen = new Browser(folder).open(Browser.probed(page(), PROBE));

        assertThat(seen.attribute("found")).isEqualTo("a");
        assertThat(seen.attribute("count")).isEqualTo("1 of 4 rows");
        assertThat(seen.attribute("descending")).isEqualTo("a d b c descending");
        assertThat(seen.attribute("ascending")).isEqualTo("b d a c ascending");
    }

    @Test
    void theNumbersOfAChartAreATable() throws Exception {
        Browser.Seen seen = new Browser(folder).open(Browser.probed(page(), PROBE));

        assertThat(seen.attribute("values")).isEqualTo("4 1");
    }

    @Test
    void everythingIsThereWithoutScripts() throws Exception {
        String probe =
                "top.document.documentElement.dataset.heights = [...document.querySelectorAll('figure')].filter(f => f.offsetHeight > 0).length;";
        String html = page().replaceFirst("(?s)<script>/\\*<!\\[CDATA.*?</script>", "");
        Browser.Seen seen = new Browser(folder).open(Browser.probed(html, probe));

        assertThat(seen.attribute("ready")).isEmpty();
        assertThat(seen.attribute("heights")).isEqualTo("2");
    }
}
