package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import jmergekit.fixture.Browser;
import jmergekit.fixture.Cli;
import jmergekit.fixture.TinyModel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Pages of checks and reports in a real browser, of a model with as many tensors as one of 70 billion
/// parameters.
@Tag("browser")
class ReportPagesBrowserTest {
    private static final int LAYERS = 80;

    private static final String WIDTH =
            """
            const root = document.documentElement;
            top.document.documentElement.dataset.wide = root.scrollWidth + " of " + root.clientWidth;
            """;

    @TempDir Path folder;

    @BeforeEach
    void writeModels() {
        TinyModel base = TinyModel.llama(LAYERS, 8, false, 0).write(folder.resolve("base"), "F32");
        base.tuned(1).write(folder.resolve("a"), "F32");
        base.tuned(2).write(folder.resolve("b-with-a-name-" + "that-is-long-".repeat(15)), "F32");
    }

    private String page(String kind) throws IOException {
        Files.writeString(
                folder.resolve("recipe.yml"),
                """
                merge_method: ties
                base_model: base
                models:
                  - {model: a, parameters: {density: [1, 0.2, 0.5], weight: 1}}
                  - model: %s
                    parameters:
                      density: 0.5
                      weight:
                        - {filter: self_attn, value: [0, 1]}
                        - {filter: mlp, value: [1, 0.5, 1]}
                        - {value: 0.5}
                dtype: bfloat16
                """
                        .formatted("b-with-a-name-" + "that-is-long-".repeat(15)));
        Cli.Result result =
                kind.equals("check")
                        ? Cli.run(folder, "check", "recipe.yml", "--html=out.html", "-q")
                        : Cli.run(folder, "yaml", "recipe.yml", "out", "--report", "-q");
        assertThat(result.err()).isEmpty();
        return Files.readString(
                folder.resolve(kind.equals("check") ? "out.html" : "out/report.html"));
    }

    @ParameterizedTest
    @CsvSource({"check, Interference", "report, The result compared with each parent"})
    void aPageOfManyLayersRunsWithoutErrors(String kind, String shown) throws Exception {
        String html = page(kind);
        Browser.Seen seen = new Browser(folder).open(html);

        assertThat(html.length()).isLessThan(1_000_000);
        assertThat(seen.attribute("ready")).isEqualTo("true");
        assertThat(seen.attribute("error")).isEmpty();
        assertThat(seen.log()).doesNotContain("CONSOLE");
        assertThat(seen.page()).contains(shown, "layer 79");
    }

    @ParameterizedTest
    @CsvSource({"check, 390", "check, 1200", "report, 390", "report, 1200"})
    void nothingIsWiderThanTheScreen(String kind, int width) throws Exception {
        Browser.Seen seen = new Browser(folder).open(Browser.framed(page(kind), width, WIDTH));

        assertThat(seen.attribute("wide")).isEqualTo(width + " of " + width);
    }

    @Test
    void thePictureOfTheCardIsAnImage() throws Exception {
        page("report");
        String probe =
                """
                <script>
                const image = new Image();
                image.onload = () => document.documentElement.dataset.size =
                  image.naturalWidth > 300 && image.naturalHeight > 100;
                image.onerror = () => document.documentElement.dataset.size = "broken";
                image.src = "%s";
                </script>
                """
                        .formatted(folder.resolve("out/report.svg").toUri());
        Browser.Seen seen =
                new Browser(folder)
                        .open(
                                "<!DOCTYPE html><html><head></head><body>"
                                        + probe
                                        + "</body></html>");

        assertThat(seen.attribute("size")).isEqualTo("true");
    }
}
