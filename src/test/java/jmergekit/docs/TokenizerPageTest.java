package jmergekit.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import jmergekit.fixture.Cli;
import jmergekit.fixture.TinyModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the page about vocabularies shows is what comes out.
class TokenizerPageTest {
    private static final Path ROOT = Path.of("").toAbsolutePath();
    private static final int ORDINARY = 258;
    private static final List<String> SPECIAL =
            List.of(
                    "<s>",
                    "</s>",
                    "<|system|>",
                    "<|user|>",
                    "<|assistant|>",
                    "<|end|>",
                    "<|im_start|>",
                    "<|im_end|>",
                    "<|tool|>",
                    "<|spare|>");

    @TempDir private Path folder;

    @Test
    void thePlanIsAsPrinted() throws IOException {
        Page page = Page.read(Path.of("docs/how-to/tokenizers.md"));
        String shown =
                page.blocks("").stream()
                        .filter(b -> b.startsWith("tokenizer from"))
                        .findFirst()
                        .orElseThrow();

        Cli.Result result = merge(page.blocks("yaml").getFirst(), "--dry-run");

        assertThat(result.out()).contains(shown.stripTrailing());
    }

    @Test
    void aRowThatIsBorrowedByAllIsTheOutputsRow() throws IOException {
        merge(Page.read(Path.of("docs/how-to/tokenizers.md")).blocks("yaml").getFirst());

        assertThat(row("out", "<|im_start|>")).isEqualTo(row("chatml", "<|im_start|>"));
        assertThat(row("out", "<|im_end|>")).isEqualTo(row("chatml", "<|im_end|>"));
    }

    @Test
    void rulesGiveTheRowsOfTheTable() throws IOException {
        merge(Page.read(Path.of("docs/how-to/tokenizers.md")).blocks("yaml").get(1));

        float[] user = row("base", "<|user|>");
        float[] start = row("chatml", "<|im_start|>");
        float[] half = new float[user.length];
        for (int i = 0; i < half.length; i++) {
            half[i] = (user[i] + start[i]) / 2;
        }
        assertThat(row("out", "<|im_start|>")).isEqualTo(half);
        assertThat(row("out", "<|im_end|>")).isEqualTo(row("base", "<|end|>"));
        assertThat(row("out", "<|tool|>")).isEqualTo(row("base", "<|system|>"));
        assertThat(row("out", "<|spare|>")).containsOnly(0);
    }

    private Cli.Result merge(String recipe, String... options) throws IOException {
        Files.writeString(folder.resolve("recipe.yml"), recipe);
        String[] command = {
            "yaml", folder.resolve("recipe.yml").toString(), folder.resolve("out").toString()
        };
        String[] all = Arrays.copyOf(command, command.length + options.length);
        System.arraycopy(options, 0, all, command.length, options.length);
        Cli.Result result = Cli.run(ROOT, all);
        assertThat(result.code()).as(result.err()).isZero();
        return result;
    }

    private float[] row(String model, String token) {
        Path place =
                model.equals("out")
                        ? folder.resolve("out")
                        : ROOT.resolve("examples/models").resolve(model);
        TinyModel.Values values = TinyModel.read(place).get("model.embed_tokens.weight");
        int columns = values.shape().get(1);
        int row = ORDINARY + SPECIAL.indexOf(token);
        return Arrays.copyOfRange(values.data(), row * columns, (row + 1) * columns);
    }
}
