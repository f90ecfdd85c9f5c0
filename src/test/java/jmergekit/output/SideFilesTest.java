package jmergekit.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SideFilesTest {
    @TempDir private Path temp;
    private Path donor;

    @BeforeEach
    void makeDonor() throws IOException {
        donor = Files.createDirectory(temp.resolve("donor"));
    }

    @Test
    void whatALoaderNeedsIsTaken() throws IOException {
        List<String> needed =
                List.of(
                        "LICENSE",
                        "LICENSE.md",
                        "NOTICE",
                        "USE_POLICY.md",
                        "chat_template.jinja",
                        "config_sentence_transformers.json",
                        "generation_config.json",
                        "merges.txt",
                        "modeling_x.py",
                        "preprocessor_config.json",
                        "qwen.tiktoken",
                        "special_tokens_map.json",
                        "spiece.model",
                        "tokenizer.json",
                        "tokenizer_config.json",
                        "vocab.json");
        write(needed);
        assertThat(names(true)).isEqualTo(needed);
    }

    @Test
    void weightsAndWhatIsWrittenAnewAreNot() throws IOException {
        write(
                List.of(
                        "config.json",
                        "README.md",
                        "mergekit_config.yml",
                        "model.safetensors",
                        "model.safetensors.index.json",
                        "pytorch_model.bin",
                        "pytorch_model.bin.index.json",
                        "consolidated.00.pth",
                        "params.json",
                        "model.gguf",
                        "tf_model.h5",
                        "adapter_config.json",
                        "adapter_model.safetensors",
                        "trainer_state.json",
                        "eval_results.json",
                        "training_args.bin",
                        ".gitattributes",
                        ".hidden.json",
                        "picture.png",
                        "onnx/config.json"));
        assertThat(names(true)).isEmpty();
    }

    @Test
    void tokenizerFilesCanBeLeftOut() throws IOException {
        write(
                List.of(
                        "added_tokens.json",
                        "additional_chat_templates/tools.jinja",
                        "chat_template.jinja",
                        "chat_template.json",
                        "generation_config.json",
                        "merges.txt",
                        "qwen.tiktoken",
                        "sentencepiece.bpe.model",
                        "special_tokens_map.json",
                        "spiece.model",
                        "tokenizer.json",
                        "tokenizer.model",
                        "tokenizer_config.json",
                        "vocab.json",
                        "vocab.spm",
                        "vocab.txt"));
        assertThat(names(true)).hasSize(16).contains("additional_chat_templates/tools.jinja");
        assertThat(names(false)).isEmpty();
    }

    @Test
    void aSentenceEncodersFoldersAreTakenWithTheirWeights() throws IOException {
        write(List.of("1_Pooling/config.json", "2_Dense/config.json", "2_Dense/model.safetensors"));
        write(List.of("2_Dense/README.md", "0_Transformer/tokenizer.json", "3_Other/config.json"));
        modules(
                """
                [{"path": "", "type": "sentence_transformers.models.Transformer"},
                 {"path": "0_Transformer", "type": "sentence_transformers.models.Transformer"},
                 {"path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
                 {"path": "2_Dense", "type": "sentence_transformers.models.Dense"},
                 {"path": "3_Normalize", "type": "sentence_transformers.models.Normalize"}]
                """);
        assertThat(names(true))
                .containsExactly(
                        "1_Pooling/config.json",
                        "2_Dense/config.json",
                        "2_Dense/model.safetensors",
                        "modules.json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"..", "../x", "a/../../x", "/etc", "./a", "a//b", "C:/x", "a\\\\..", ".a"})
    void aModuleOutsideTheFolderIsRefused(String path) throws IOException {
        modules("[{\"path\": \"%s\"}]".formatted(path));
        assertThatThrownBy(() -> names(true))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("modules.json: refused")
                .hasMessageContaining("leads out of the model's folder");
    }

    @Test
    void aLinkOutOfTheFolderIsRefused() throws IOException {
        Path outside = Files.createDirectory(temp.resolve("outside"));
        Files.createSymbolicLink(donor.resolve("1_Pooling"), outside);
        modules("[{\"path\": \"1_Pooling\"}]");
        assertThatThrownBy(() -> names(true))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("found a link");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[1, null, {\"path\": 3}]", "\"x\""})
    void aListOfModulesOfAnotherFormNamesNoFolders(String text) throws IOException {
        modules(text);
        assertThat(names(true)).containsExactly("modules.json");
    }

    @Test
    void aBrokenListOfModulesIsRefused() throws IOException {
        modules("[{");
        assertThatThrownBy(() -> names(true))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("modules.json: not valid JSON");
    }

    @Test
    void linksToBlobsOfTheHubsCacheAreFollowed() throws IOException {
        Path snapshot = Files.createDirectories(temp.resolve("models--a--b/snapshots/0123"));
        Path blob = Files.createDirectories(temp.resolve("models--a--b/blobs")).resolve("89ab");
        Files.writeString(blob, "{}");
        Files.createSymbolicLink(snapshot.resolve("tokenizer.json"), Path.of("../../blobs/89ab"));
        Files.createSymbolicLink(snapshot.resolve("vocab.json"), Path.of("../../blobs/missing"));
        assertThat(SideFiles.of(snapshot, true))
                .containsExactly(
                        new SideFile("tokenizer.json", snapshot.resolve("tokenizer.json")));
    }

    @Test
    void linksInTheFolderAreFollowed() throws IOException {
        write(List.of("LICENSE.txt"));
        Files.createSymbolicLink(donor.resolve("LICENSE"), Path.of("LICENSE.txt"));
        assertThat(names(true)).containsExactly("LICENSE", "LICENSE.txt");
    }

    @Test
    void linksToFilesElsewhereAreRefusedByName() throws IOException {
        Path token = Files.writeString(temp.resolve("token"), "secret");
        Files.createSymbolicLink(donor.resolve("LICENSE"), token);
        Files.createSymbolicLink(donor.resolve("merges.txt"), token);
        Files.createSymbolicLink(donor.resolve("README.md"), token);
        Problems problems = new Problems();

        SideFiles.check(donor, SideFiles.wanted(donor, true), problems);

        assertThat(problems.all())
                .extracting(Problem::where)
                .containsExactly(
                        donor.resolve("LICENSE").toString(),
                        donor.resolve("merges.txt").toString());
        assertThat(problems.all())
                .allMatch(p -> p.toString().contains("leads out of the model's folder"));
        assertThatThrownBy(() -> names(true)).isInstanceOf(MergeException.class);
    }

    @Test
    void blobsThatAreALinkThemselvesAreNotTheCaches() throws IOException {
        Path home = Files.createDirectory(temp.resolve("home"));
        Files.writeString(home.resolve("token"), "secret");
        Path snapshot = Files.createDirectories(temp.resolve("fake/snapshots/0123"));
        Files.createSymbolicLink(temp.resolve("fake/blobs"), home);
        Files.createSymbolicLink(snapshot.resolve("LICENSE"), Path.of("../../blobs/token"));
        assertThatThrownBy(() -> SideFiles.of(snapshot, true))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("leads out of the model's folder");
    }

    private List<String> names(boolean copyTokenizer) {
        return SideFiles.of(donor, copyTokenizer).stream().map(SideFile::name).toList();
    }

    private void write(List<String> names) throws IOException {
        for (String name : names) {
            Path file = donor.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "{}");
        }
    }

    private void modules(String json) throws IOException {
        Files.writeString(donor.resolve("modules.json"), json);
    }
}
