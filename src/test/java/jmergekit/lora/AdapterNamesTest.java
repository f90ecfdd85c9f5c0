package jmergekit.lora;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jmergekit.fixture.Architecture;
import jmergekit.fixture.LocalModels;
import jmergekit.linalg.RankRule;
import jmergekit.model.ModelFolder;
import jmergekit.model.ModelReference;
import jmergekit.problem.Problems;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The names of adapters for real architectures, against what PEFT does with them, written down here
/// once more.
class AdapterNamesTest {
    @TempDir private Path folder;

    static Stream<Architecture> kinds() {
        return Stream.of(
                        "bert",
                        "bloom",
                        "clip",
                        "csm",
                        "falcon_h1",
                        "gemma3",
                        "gpt2",
                        "gpt_neox",
                        "gpt_oss",
                        "lfm2",
                        "llava",
                        "mamba",
                        "mixtral",
                        "opt",
                        "qwen3_moe",
                        "qwen3_next",
                        "roberta",
                        "t5",
                        "vit",
                        "whisper",
                        "zamba2")
                .map(Architecture::of);
    }

    private ExtractionPlan plan(Architecture architecture) {
        architecture.write(folder.resolve("base"), 0);
        ModelFolder model = open("base");
        ModuleFilter all = new ModuleFilter(List.of(), List.of(), List.of());
        ExtractionOptions options =
                new ExtractionOptions(
                        new RankRule(4, 1, 0), false, false, all, false, false, false, 0);
        Problems problems = new Problems();
        ExtractionPlan plan = new ExtractionPlanner(model, model, options, problems).plan();
        problems.throwIfErrors();
        return plan;
    }

    private ModelFolder open(String name) {
        Problems problems = new Problems();
        ModelReference reference = ModelReference.parse(name, _ -> true);
        ModelFolder model = ModelFolder.open(reference, LocalModels.in(folder), problems).get();
        problems.throwIfErrors();
        return model;
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void namesMeanWhatTheAdapterHoldsAndNothingElse(Architecture architecture) {
        ExtractionPlan plan = plan(architecture);
        Set<String> factors =
                plan.decomposed().stream()
                        .filter(m -> !m.isExpert())
                        .map(m -> m.module())
                        .collect(Collectors.toSet());
        Set<String> whole = plan.whole().stream().map(m -> m.module()).collect(Collectors.toSet());
        TargetNames names = new TargetNames(plan.modules(), factors);
        List<String> saved = names.saved(whole);

        assertThat(matching(plan.modules(), m -> saved.stream().anyMatch(m::endsWith)))
                .containsExactlyInAnyOrderElementsOf(whole);
        assertThat(factors)
                .noneMatch(
                        m -> saved.stream().anyMatch(s -> ("." + m + ".").contains("." + s + ".")));
        List<String> targets = names.targets(Set.of());
        assertThat(
                        matching(
                                plan.modules(),
                                m -> targets.stream().anyMatch(t -> ("." + m).endsWith("." + t))))
                .containsExactlyInAnyOrderElementsOf(factors);
    }

    private static Set<String> matching(Collection<String> modules, Predicate<String> wanted) {
        return modules.stream().filter(wanted).collect(Collectors.toCollection(TreeSet::new));
    }

    @ParameterizedTest
    @CsvSource({
        "gpt2, transformer.wte, lm_head",
        "bloom, transformer.word_embeddings, lm_head",
        "opt, model.decoder.embed_tokens, lm_head",
        "bert, bert.embeddings.word_embeddings, cls.predictions.decoder",
        "gemma3, model.language_model.embed_tokens, lm_head",
        "t5, shared, encoder.embed_tokens",
        "t5, decoder.embed_tokens, lm_head"
    })
    void tiedModulesAreAllKept(String architecture, String one, String other) {
        assertThat(plan(Architecture.of(architecture)).whole())
                .extracting(ModuleWork.Whole::module)
                .contains(one, other);
    }

    @ParameterizedTest
    @CsvSource({
        "gpt_neox, lm_head",
        "mixtral, model.layers.1.mlp.gate",
        "gpt_oss, model.layers.1.mlp.router",
        "falcon_h1, model.layers.0.mamba.out_proj",
        "whisper, model.encoder.conv1"
    })
    void modulesWithoutFactorsAreKeptWholeUnderTheLoadersNames(String architecture, String name) {
        assertThat(plan(Architecture.of(architecture)).whole())
                .extracting(ModuleWork.Whole::module)
                .contains(name);
    }

    @Test
    void expertsThatLoadersFuseHaveFactorsWhereAdaptersAreConverted() {
        assertThat(plan(Architecture.of("mixtral")).decomposed())
                .filteredOn(m -> m.together() == ModuleWork.Together.MODULES)
                .extracting(ModuleWork.Decomposed::module)
                .contains("model.layers.0.mlp.experts.3.w1");
    }

    @Test
    void expertsThatAreParametersOfALayerHaveFactorsOfThat() {
        ExtractionPlan plan = plan(Architecture.of("jamba"));

        assertThat(plan.parameters())
                .extracting(ExpertParameter::name)
                .containsSubsequence(
                        "model.layers.1.feed_forward.experts.gate_up_proj",
                        "model.layers.1.feed_forward.experts.down_proj");
        assertThat(plan.decomposed())
                .filteredOn(ModuleWork.Decomposed::isExpert)
                .extracting(ModuleWork.Decomposed::module)
                .contains("model.layers.1.feed_forward.experts.down_proj.3");
    }

    @Test
    void parametersOfModulesThatHoldOthersAreOnlyCompared() {
        assertThat(plan(Architecture.of("vit")).unheld())
                .flatExtracting(ModuleWork.Unheld::tensors)
                .extracting("stored")
                .containsExactlyInAnyOrder(
                        "vit.embeddings.cls_token", "vit.embeddings.position_embeddings");
        assertThat(plan(Architecture.of("clip")).unheld())
                .flatExtracting(ModuleWork.Unheld::tensors)
                .extracting("stored")
                .contains("logit_scale");
    }

    @Test
    void nameOfOneModuleOfManyIsWrittenWithItsLayer() {
        Set<String> modules = Set.of("layers", "layers.0.norm", "layers.1.norm", "layers.0.q_norm");

        TargetNames names = new TargetNames(modules, Set.of());

        assertThat(names.saved(Set.of("layers.1.norm"))).containsExactly("layers.1.norm");
        assertThat(names.saved(Set.of("layers.0.norm", "layers.1.norm")))
                .containsExactly("layers.0.norm", "layers.1.norm");
    }

    // Counts of batches are not trained, but PEFT looks for them in a module that it replaces.
    @Test
    void wholeModulesHaveTheirCounts() {
        String norm = "speech_decoder_postnet.layers.0.batch_norm";

        ModuleWork.Whole whole =
                plan(Architecture.of("speecht5")).whole().stream()
                        .filter(w -> w.module().equals(norm))
                        .findFirst()
                        .orElseThrow();

        assertThat(whole.tensors())
                .extracting(TensorPair::name)
                .contains(norm + ".weight", norm + ".running_mean", norm + ".num_batches_tracked");
    }

    @ParameterizedTest
    @CsvSource({
        "openai-gpt, transformer.tokens_embed",
        "jetmoe, model.layers.0.mlp.input_linear",
        "ernie4_5_moe, model.layers.1.mlp.shared_experts.gate_proj",
    })
    void modulesThatPeftHasNoFactorsForAreKeptWhole(String architecture, String module) {
        ExtractionPlan plan = plan(Architecture.of(architecture));

        assertThat(plan.whole()).extracting(ModuleWork.Whole::module).contains(module);
        assertThat(plan.decomposed()).extracting(ModuleWork::module).doesNotContain(module);
    }

    @ParameterizedTest
    @CsvSource({
        "wav2vec2, wav2vec2.encoder.pos_conv_embed.conv.parametrizations.weight",
        "zamba2, model.layers.1.shared_transformer.input_layernorm",
    })
    void whatPeftCannotReplaceIsNotKeptWhole(String architecture, String module) {
        ExtractionPlan plan = plan(Architecture.of(architecture));

        assertThat(plan.whole()).extracting(ModuleWork.Whole::module).doesNotContain(module);
        assertThat(plan.unheld()).extracting(ModuleWork.Unheld::module).contains(module);
    }
}
