package jmergekit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import jmergekit.fixture.Cli;
import jmergekit.fixture.RecipeRun;
import jmergekit.fixture.TinyModel;
import jmergekit.fixture.TinyModel.Values;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Models whose stacks of layers are named at random: nested, with the same first words, with equal
/// numbers of layers, with several numbers in a name. Whatever a model is built of, its average with
/// itself is the model.
class StackTreesTest {
    private static final int MODELS = 60;

    private static final List<String> WORDS =
            List.of(
                    "model",
                    "encoder",
                    "decoder",
                    "vision_model",
                    "language_model",
                    "text",
                    "audio",
                    "transformer",
                    "net",
                    "mtp",
                    "led",
                    "down_blocks",
                    "head");
    private static final List<String> STACKS =
            List.of("layers", "layer", "h", "blocks", "block", "stages", "conv_layers", "mlps");
    private static final List<String> LEAVES =
            List.of("q.weight", "mlp.up.weight", "norm.bias", "0.weight", "sub.1.fc.weight", "w");

    @TempDir private Path folder;

    static List<Long> seeds() {
        return IntStream.range(0, MODELS).mapToObj(Long::valueOf).toList();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theAverageOfAModelWithItselfIsTheModel(long seed) {
        TinyModel model = model(new Random(seed));
        model.write(folder.resolve("a"), "F32");
        model.write(folder.resolve("b"), "F32");

        Cli.Result result =
                new RecipeRun(folder)
                        .run(
                                """
                                merge_method: linear
                                models:
                                - {model: ./a, parameters: {weight: 0.5}}
                                - {model: ./b, parameters: {weight: 0.5}}
                                """);

        assertThat(result.code()).as(result.err()).isZero();
        Map<String, Values> expected = TinyModel.read(folder.resolve("a"));
        Map<String, Values> merged = TinyModel.read(folder.resolve("out"));
        assertThat(merged.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, values) ->
                assertThat(merged.get(name).data()).as(name).isEqualTo(values.data()));
    }

    private static TinyModel model(Random random) {
        TinyModel model = TinyModel.of("SomeModel", "some");
        // Few numbers of layers, so that unusual words meet a configured number by chance.
        model.config("num_hidden_layers", 2 + random.nextInt(2));
        model.config("num_nextn_predict_layers", random.nextInt(2));
        model.config("vision_config", Map.of("num_hidden_layers", 2 + random.nextInt(2)));
        for (String name : names(random)) {
            float[] data = {random.nextInt(64), random.nextInt(64)};
            model.with(name, List.of(2), data);
        }
        return model;
    }

    private static Set<String> names(Random random) {
        Set<String> names = new LinkedHashSet<>();
        List<String> trunks = new ArrayList<>();
        trunks.add("");
        for (int i = 0; i < 5; i++) {
            trunks.add(pick(random, trunks) + pick(random, WORDS) + ".");
        }
        for (int i = 0; i < 4; i++) {
            String prefix = pick(random, trunks) + pick(random, STACKS) + ".";
            int layers = 1 + random.nextInt(3);
            for (int layer = 0; layer < layers; layer++) {
                for (String leaf : LEAVES.subList(0, 2 + random.nextInt(4))) {
                    names.add(prefix + layer + "." + leaf);
                }
            }
        }
        for (int i = 0; i < 6; i++) {
            names.add(pick(random, trunks) + pick(random, WORDS) + "." + pick(random, LEAVES));
        }
        names.add("bare");
        return names;
    }

    private static String pick(Random random, List<String> of) {
        return of.get(random.nextInt(of.size()));
    }
}
