package jmergekit.arch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NameMapTest {
    @ParameterizedTest
    @CsvSource({
        "encoder.layer.0.x, bert.encoder.layer.0.x",
        "bert.encoder.layer.0.x, encoder.layer.0.x",
        "h.0.attn.w, transformer.h.0.attn.w",
        "model.layers.0.w, model.language_model.layers.0.w",
        "model.layers.0.w, language_model.model.layers.0.w",
        "language_model.model.layers.0.w, model.language_model.layers.0.w",
        "language_model.lm_head.weight, lm_head.weight",
        "visual.blocks.0.w, model.visual.blocks.0.w",
        "layers.0.w, gpt_neox.layers.0.w",
    })
    void namesThatDifferInTheirClassesAreTheSame(String own, String reference) {
        assertThat(NameMap.toReference(List.of(own), Set.of(reference)))
                .containsEntry(own, reference);
    }

    @ParameterizedTest
    @CsvSource({
        "x.y, a.b",
        "decoder.layers.0.w, encoder.layers.0.w",
        "vision_model.encoder.layers.0.w, text_model.encoder.layers.0.w",
    })
    void otherNamesStayAsTheyAre(String own, String reference) {
        assertThat(NameMap.toReference(List.of(own), Set.of(reference))).containsEntry(own, own);
    }

    @Test
    void aNameThatTwoOfTheReferenceCouldBeStaysAsItIs() {
        Map<String, String> map =
                NameMap.toReference(
                        List.of("layers.0.w"), Set.of("model.layers.0.w", "bert.layers.0.w"));

        assertThat(map).containsEntry("layers.0.w", "layers.0.w");
    }

    @Test
    void twoNamesDoNotBecomeOne() {
        Map<String, String> map =
                NameMap.toReference(
                        List.of("model.layers.0.w", "bert.layers.0.w"), Set.of("layers.0.w"));

        assertThat(map.values()).containsExactly("model.layers.0.w", "bert.layers.0.w");
    }

    @Test
    void aTensorThatTheReferenceLacksFollowsTheOthers() {
        Map<String, String> map =
                NameMap.toReference(
                        List.of("bert.encoder.layer.0.x", "bert.pooler.dense.weight"),
                        Set.of("encoder.layer.0.x"));

        assertThat(map).containsEntry("bert.pooler.dense.weight", "pooler.dense.weight");
    }

    @Test
    void aHeadGainsWhatTheLayersGainInFront() {
        Set<String> old = Set.of("language_model.model.layers.0.w", "vision_tower.w");
        Set<String> present = Set.of("model.language_model.layers.0.w", "model.visual.w");
        List<String> text = List.of("model.layers.0.w", "lm_head.weight");

        assertThat(NameMap.toReference(text, old))
                .containsEntry("lm_head.weight", "language_model.lm_head.weight");
        assertThat(NameMap.toReference(text, present))
                .containsEntry("lm_head.weight", "lm_head.weight");
    }

    @Test
    void changesAreSaidInWords() {
        Map<String, String> map =
                NameMap.toReference(
                        List.of("bert.encoder.layer.0.x", "bert.encoder.layer.1.x"),
                        Set.of("encoder.layer.0.x", "encoder.layer.1.x"));

        assertThat(NameMap.changes(map)).containsExactly("'bert.*' as '*'");
        assertThat(NameMap.changes(Map.of("a", "a"))).isEmpty();
    }
}
