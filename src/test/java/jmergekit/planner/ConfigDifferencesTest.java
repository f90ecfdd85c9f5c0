package jmergekit.planner;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jmergekit.model.ModelConfig;
import jmergekit.model.ModelFolder;
import jmergekit.model.ModelReference;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.Severity;
import jmergekit.weights.Checkpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

final class ConfigDifferencesTest {
    @TempDir private Path empty;

    @Test
    void aDifferenceSaysWhoseValueIsKeptAndWhatTheOthersHave() {
        List<Problem> found =
                differences(
                        "{\"rope_theta\": 10000}",
                        "{\"rope_theta\": 1000000}",
                        "{\"rope_theta\": 10000.0}",
                        "{\"rope_theta\": 5e5}");

        assertThat(found).hasSize(1);
        assertThat(found.getFirst().severity()).isEqualTo(Severity.WARNING);
        assertThat(found.getFirst().toString())
                .isEqualTo(
                        "m0: the models differ in 'rope_theta'; the output keeps this one's, 10000"
                                + " (found 1000000 in 'm1', 500000.0 in 'm3')");
    }

    @Test
    void eachSettingGetsAWarningOfItsOwn() {
        assertThat(
                        differences(
                                "{\"rms_norm_eps\": 1e-5, \"hidden_act\": \"silu\"}",
                                "{\"rms_norm_eps\": 1e-6, \"hidden_act\": \"gelu\"}"))
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "'{}', '{}', 0",
        "'{}', '{\"rope_theta\": 10000}', 0",
        "'{\"rope_scaling\": null}', '{}', 0",
        "'{}', '{\"rope_scaling\": {\"type\": \"yarn\"}}', 1",
        "'{\"rope_scaling\": {\"factor\": 2}}', '{\"rope_scaling\": {\"factor\": 2.0}}', 0",
        "'{\"rope_scaling\": {\"factor\": 2}}', '{\"rope_scaling\": {\"factor\": 4}}', 1",
        "'{\"sliding_window\": 4096}', '{\"sliding_window\": null}', 1",
        "'{\"text_config\": {\"head_dim\": 64}}', '{\"head_dim\": 128}', 1",
        "'{\"vocab_size\": 4}', '{\"vocab_size\": 5}', 0",
    })
    void whatIsNotGivenIsNotCompared(String first, String second, int count) {
        assertThat(differences(first, second)).hasSize(count);
    }

    private List<Problem> differences(String... configs) {
        List<ModelFolder> models = new ArrayList<>();
        for (String config : configs) {
            ObjectNode json = (ObjectNode) JsonMapper.shared().readTree(config);
            models.add(
                    new ModelFolder(
                            ModelReference.of("m" + models.size()),
                            empty,
                            new ModelConfig("config.json", json),
                            "LlamaForCausalLM",
                            Checkpoint.open(empty, ModelFolder.FORMATS, new Problems()),
                            Optional.empty()));
        }
        Problems problems = new Problems();
        new ConfigDifferences(models).report(problems);
        return problems.all();
    }
}
