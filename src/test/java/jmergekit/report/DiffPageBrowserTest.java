package jmergekit.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import jmergekit.fixture.Browser;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The page of a comparison in a real browser.
@Tag("browser")
class DiffPageBrowserTest {
    private static final String WIDTH =
            "const root = document.documentElement; top.document.documentElement.dataset.wide = root.scrollWidth + ' of ' + root.clientWidth;";

    @TempDir Path folder;

    @Test
    void thePageOfALargeModelIsSmallAndRunsWithoutErrors() throws Exception {
        String html = DiffPage.html(SampleDifference.large(4));
        Browser.Seen seen = new Browser(folder).open(html);

        assertThat(html.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(3_000_000);
        assertThat(seen.attribute("ready")).isEqualTo("true");
        assertThat(seen.attribute("error")).isEmpty();
        assertThat(seen.log()).doesNotContain("CONSOLE");
    }

    @ParameterizedTest
    @ValueSource(ints = {390, 1200})
    void nothingIsWiderThanTheScreen(int width) throws Exception {
        String html = DiffPage.html(SampleDifference.large(3));
        Browser.Seen seen = new Browser(folder).open(Browser.framed(html, width, WIDTH));

        assertThat(seen.attribute("wide")).isEqualTo(width + " of " + width);
    }

    @Test
    void hostileNamesAreShownAndDoNothing() throws Exception {
        String text = "</script><img src=x onerror=alert(1)>\u202e" + "x".repeat(10_000);
        String html = DiffPage.html(SampleDifference.hostile(text));
        Browser.Seen seen = new Browser(folder).open(Browser.framed(html, 390, WIDTH));

        assertThat(seen.attribute("wide")).isEqualTo("390 of 390");
        assertThat(new Browser(folder).open(html).attribute("error")).isEmpty();
    }
}
