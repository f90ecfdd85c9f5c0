package jmergekit.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jmergekit.fixture.LocalModels;
import jmergekit.fixture.TinyModel;
import jmergekit.model.ModelFolder;
import jmergekit.model.ModelReference;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problems;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatTemplatesTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"alpaca", "chatml", "exaone", "llama3", "mistral"})
    void builtInTemplatesHaveNames(String name) {
        assertThat(ChatTemplates.names()).contains(name);
        assertThat(ChatTemplates.named(name).orElseThrow()).contains("messages").contains("{%");
    }

    @Test
    void chatMlMarksTheTurns() {
        assertThat(ChatTemplates.named("chatml").orElseThrow())
                .startsWith("{% for message in messages %}{{'<|im_start|>' + message['role']");
    }

    @Test
    void aTextThatLooksLikeATemplateIsOne() {
        String template = "{{ messages[0].content }}";

        assertThat(ChatTemplates.named(template)).contains(template);
        assertThat(ChatTemplates.named("{{ too short }}")).isEmpty();
        assertThat(ChatTemplates.named("no braces at all in this text")).isEmpty();
    }

    @Test
    void theTemplateThatMostModelsHaveIsChosen() throws IOException {
        ModelFolder a = model("a", "tokenizer_config.json", "{\"chat_template\": \"one\"}");
        ModelFolder b = model("b", "chat_template.jinja", "  two\n");
        ModelFolder c =
                model(
                        "c",
                        "tokenizer_config.json",
                        """
                        {"chat_template": [{"name": "tool_use", "template": "one"},
                                           {"name": "default", "template": "two"}]}
                        """);
        ModelFolder d = model("d", "chat_template.json", "{\"chat_template\": \"one\"}");
        ModelFolder none = model("none", "tokenizer_config.json", "{}");

        assertThat(ChatTemplates.mostCommon(List.of(a, b, none, c))).contains("two");
        assertThat(ChatTemplates.mostCommon(List.of(b, a))).contains("two");
        assertThat(ChatTemplates.mostCommon(List.of(a, b, d))).contains("one");
        assertThat(ChatTemplates.mostCommon(List.of(none))).isEmpty();
    }

    @Test
    void theFileOfItsOwnOutranksTheSettings() throws IOException {
        ModelFolder a = model("a", "tokenizer_config.json", "{\"chat_template\": \"one\"}");
        Files.writeString(a.folder().resolve("chat_template.jinja"), "two");

        assertThat(ChatTemplates.mostCommon(List.of(a))).contains("two");
    }

    @Test
    void aTemplateThatIsNoTextIsRefused() throws IOException {
        ModelFolder a = model("a", "config.json", "{}");
        Files.write(a.folder().resolve("chat_template.jinja"), new byte[] {(byte) 0xff});

        assertThatThrownBy(() -> ChatTemplates.mostCommon(List.of(a)))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("a/chat_template.jinja");
    }

    private ModelFolder model(String name, String file, String text) throws IOException {
        TinyModel.llama(1, 4, true, 1).write(folder.resolve(name), "F32");
        Files.writeString(folder.resolve(name).resolve(file), text);
        return ModelFolder.open(ModelReference.of(name), LocalModels.in(folder), new Problems())
                .orElseThrow();
    }
}
