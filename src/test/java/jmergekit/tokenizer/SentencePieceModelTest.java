package jmergekit.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import jmergekit.fixture.SentencePieces;
import jmergekit.problem.MergeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SentencePieceModelTest {
    @TempDir private Path folder;

    @Test
    void aPieceHasItsPlaceAsItsId() throws IOException {
        SentencePieceModel model =
                read(
                        new SentencePieces()
                                .unknown("<unk>")
                                .control("<s>")
                                .normal("▁the")
                                .userDefined("  ")
                                .bytes());

        assertThat(model.ids())
                .containsEntry("<unk>", 0)
                .containsEntry("<s>", 1)
                .containsEntry("▁the", 2)
                .containsEntry("  ", 3)
                .hasSize(4);
        assertThat(model.added())
                .containsExactly(
                        AddedToken.verbatim("<unk>", 0, true),
                        AddedToken.verbatim("<s>", 1, true),
                        AddedToken.verbatim("  ", 3, false));
    }

    @Test
    void otherFieldsArePassedOver() throws IOException {
        byte[] pieces = new SentencePieces().normal("a").bytes();
        // Field 2 as bytes, field 9 as a number, field 10 as 8 bytes, field 11 as 4 bytes.
        byte[] others =
                HexFormat.of()
                        .parseHex(
                                "1202abcd"
                                        + "48ff01"
                                        + "51"
                                        + "00".repeat(8)
                                        + "5d"
                                        + "00".repeat(4));
        byte[] all = Arrays.copyOf(others, others.length + pieces.length);
        System.arraycopy(pieces, 0, all, others.length, pieces.length);

        assertThat(read(all).ids()).containsOnlyKeys("a");
    }

    @ParameterizedTest
    @CsvSource({
        "'',               no pieces",
        "0a,               inside a number",
        "0a05 0a01,        inside a field",
        "0aff ffff ff0f,   inside a field",
        "ffff ffff ffff ffff ffff ff, longer than 64 bits",
        "0b,               field of type 3",
        "0a03 0a01 ff,     UTF-8",
        "0a00,             no text",
        "0a03 0a01 61 0a03 0a01 61, twice"
    })
    void whatIsNotASentencePieceModelIsRefused(String hex, String reason) throws IOException {
        refused(HexFormat.of().parseHex(hex.replace(" ", "")), reason);
    }

    @Test
    void aTiktokenFileOfTheSameNameIsRefused() throws IOException {
        refused("IQ== 0\nIg== 1\nIw== 2\n".getBytes(StandardCharsets.UTF_8), "not a SentencePiece");
    }

    @Test
    void noDamageGivesAnythingButARefusal() throws IOException {
        byte[] whole = new SentencePieces().unknown("<unk>").normal("▁the").normal("é").bytes();
        Random random = new Random(7);
        for (int i = 0; i < 2000; i++) {
            byte[] damaged = Arrays.copyOf(whole, random.nextInt(whole.length + 1));
            if (damaged.length > 0) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            try {
                assertThat(read(damaged).ids()).isNotEmpty();
            } catch (MergeException e) {
                assertThat(e).hasMessageContaining("m/tokenizer.model");
            }
        }
    }

    private void refused(byte[] bytes, String reason) {
        assertThatThrownBy(() -> read(bytes))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("m/tokenizer.model")
                .hasMessageContaining(reason)
                .hasMessageContaining("save the tokenizer as tokenizer.json");
    }

    private SentencePieceModel read(byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve("tokenizer.model"), bytes);
        return SentencePieceModel.read(file, "m/tokenizer.model");
    }
}
