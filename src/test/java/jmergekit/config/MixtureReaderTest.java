package jmergekit.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.Severity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MixtureReaderTest {
    private static final String TWO_EXPERTS =
            """
            base_model: ./base
            experts:
              - source_model: ./a
                positive_prompts: [one, "2"]
                negative_prompts: [three]
                residual_scale: 0.5
                noise_scale: 1e-2
              - source_model: ./b
            """;

    private final Problems problems = new Problems();

    private Optional<MixtureConfig> read(String text) {
        return new MixtureReader(Path.of("")).read("moe.yml", text, problems);
    }

    @Test
    void everyKeyIsRead() {
        MixtureConfig config =
                read(TWO_EXPERTS
                                + """
                                gate_mode: uniform_random
                                dtype: bfloat16
                                experts_per_token: 1
                                architecture: qwen
                                shared_experts:
                                  - source_model: ./c
                                """)
                        .orElseThrow();

        ExpertConfig first = config.experts().getFirst();
        assertThat(first.positivePrompts()).containsExactly("one", "2");
        assertThat(first.negativePrompts()).containsExactly("three");
        assertThat(first.residualScale().orElseThrow().value()).isEqualTo(0.5);
        assertThat(first.noiseScale().orElseThrow().value()).isEqualTo(0.01);
        assertThat(config.gateMode()).isEqualTo(GateMode.UNIFORM_RANDOM);
        assertThat(config.dtype().orElseThrow().value()).isEqualTo("bfloat16");
        assertThat(config.expertsPerToken().value()).isEqualTo(1);
        assertThat(config.architecture().orElseThrow().value()).isEqualTo("qwen");
        assertThat(config.allExperts().map(e -> e.model().value().path()))
                .containsExactly("./a", "./b", "./c");
        assertThat(problems.all()).isEmpty();
    }

    @Test
    void hiddenStatesAndTwoExpertsForEachTokenAreTheDefaults() {
        MixtureConfig config = read(TWO_EXPERTS).orElseThrow();

        assertThat(config.gateMode()).isEqualTo(GateMode.HIDDEN);
        assertThat(config.expertsPerToken().value()).isEqualTo(2);
        assertThat(config.sharedExperts()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gate_mode: hiden           | did you mean 'hidden'?",
                "gate_mode: telepathy       | cheap_embed, random",
                "experts_per_token: 0       | expected a whole number, 1 or more",
                "experts_per_token: many    | expected a whole number, 1 or more",
                "experts_per_token: 1.5     | expected a whole number, 1 or more",
                "shared_experts: ./c        | expected a list of experts",
                "shared_experts: [{}]       | no 'source_model'",
                "shared_experts: [./c]      | expected a mapping"
            })
    void wrongValuesAreRefusedWithTheirPlace(String line, String message) {
        assertThat(read(TWO_EXPERTS + line + "\n")).isEmpty();

        assertThat(problems.all()).hasSize(1);
        assertThat(problems.all().getFirst().toString()).startsWith("moe.yml:9:").contains(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "positive_prompts: [' ']     | a prompt in 'positive_prompts' has the wrong form",
                "negative_prompts: hello     | expected a list of strings",
                "residual_scale: .inf        | expected a finite number",
                "noise_scale: -1             | 'noise_scale' is negative"
            })
    void wrongValuesOfAnExpertAreRefused(String line, String message) {
        assertThat(read(TWO_EXPERTS + "    " + line + "\n")).isEmpty();

        assertThat(problems.all().getFirst().toString()).startsWith("moe.yml:9:").contains(message);
    }

    @Test
    void misspeltKeysAreWarnedOf() {
        assertThat(read(TWO_EXPERTS.replace("noise_scale", "nose_scale"))).isPresent();

        Problem warning = problems.all().getFirst();
        assertThat(warning.severity()).isEqualTo(Severity.WARNING);
        assertThat(warning.toString()).contains("did you mean 'noise_scale'?");
    }

    @Test
    void whatIsMissingIsNamedAtOnce() {
        assertThat(read("dtype: float32\n")).isEmpty();

        assertThat(problems.all().stream().map(Problem::what))
                .containsAll(
                        List.of("no 'base_model' in the recipe", "no 'experts' in the recipe"));
    }
}
