package jmergekit.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import jmergekit.compare.ModelDifference;
import jmergekit.weights.JsonTree;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class DiffJsonTest {
    private static JsonNode read(ModelDifference difference) {
        return JsonTree.read(DiffJson.text(difference).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void theFieldsAreThoseOfTheReference() {
        JsonNode root = read(SampleDifference.usual());

        assertThat(names(root))
                .isEqualTo(
                        "format version models has_base tensor_count total layers tensors skipped files");
        assertThat(root.get("format").asString()).isEqualTo("jmergekit-diff");
        assertThat(root.get("version").asInt()).isEqualTo(1);
        assertThat(names(root.at("/total/models/0"))).isEqualTo("model norm largest nan infinite");
        assertThat(names(root.at("/total/models/1")))
                .isEqualTo(
                        "model norm largest nan infinite change largest_change unchanged relative_change cosine norm_ratio unchanged_share sign_flip_share outlier_ratio kurtosis headroom_bits vanishing_share change_sizes");
        assertThat(names(root.at("/total/pairs/0")))
                .isEqualTo("models cosine change_cosine sign_conflict distance");
        assertThat(names(root.at("/layers/0"))).isEqualTo("module layer elements models pairs");
        assertThat(names(root.at("/tensors/0")))
                .isEqualTo("name module layer part elements models pairs");
        assertThat(names(root.at("/tensors/0/models/2")))
                .endsWith("vanishing_share dtype shape identical token_rows");
    }

    private static String names(JsonNode node) {
        return node.propertyNames().stream().collect(Collectors.joining(" "));
    }

    @Test
    void figuresAreThoseOfTheSums() {
        JsonNode root = read(SampleDifference.usual());

        assertThat(root.at("/total/models/1/relative_change").asDouble()).isEqualTo(0.5);
        assertThat(root.at("/total/models/1/unchanged").asInt()).isEqualTo(4);
        assertThat(root.at("/total/pairs/0/models").toString()).isEqualTo("[1,2]");
        assertThat(root.at("/total/models/2/change_sizes/changed").asInt()).isEqualTo(3);
        assertThat(root.at("/total/models/2/change_sizes/counts/42").asInt()).isEqualTo(2);
        assertThat(root.at("/layers/1/models/1/norm_ratio").asDouble()).isEqualTo(2);
        assertThat(root.at("/tensors/0/layer").isNull()).isTrue();
        assertThat(root.at("/tensors/0/models/2/shape").toString()).isEqualTo("[3,1]");
        assertThat(root.at("/tensors/0/models/2/token_rows/most_changed/0/token").asString())
                .isEqualTo("'dog'\u202e");
        assertThat(root.at("/tensors/1/models/2/spectrum/energy").toString())
                .isEqualTo("[0.75,1.0]");
        assertThat(root.at("/skipped/0/reason").asString()).isEqualTo("only in some");
        assertThat(root.at("/files/0/changes/0/before").asString()).isEqualTo("10000");
    }

    @Test
    void whatIsNotFiniteIsNull() {
        String text = DiffJson.text(SampleDifference.notFinite());
        JsonNode root = read(SampleDifference.notFinite());

        assertThat(text).doesNotContain("NaN").doesNotContain("Infinity");
        assertThat(root.at("/total/models/1/relative_change").isNull()).isTrue();
        assertThat(root.at("/total/models/1/nan").asInt()).isEqualTo(3);
    }

    @Test
    void namesAreAsTheyAre() {
        String text = "\u0000\u202e\"\\</script>";
        JsonNode root = read(SampleDifference.hostile(text));

        assertThat(root.at("/tensors/0/name").asString()).isEqualTo(text);
        assertThat(root.at("/files/0/count").asInt()).isEqualTo(7);
    }
}
