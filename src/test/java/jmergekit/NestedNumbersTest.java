package jmergekit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import jmergekit.fixture.TinyModel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// NaN and infinity that pass through a recipe inside another one, or begin there.
class NestedNumbersTest {
    private static final String Q = "model.layers.0.self_attn.q_proj.weight";

    @TempDir private Path folder;
    private Door door;

    @BeforeEach
    void writeModels() {
        door = Door.withModels(folder);
    }

    private List<MergeProblem> warnings(Recipe inner) {
        Recipe outer =
                Recipe.merge("linear")
                        .model("inner", inner, p -> p.set("weight", 1))
                        .model("base", p -> p.set("weight", 1))
                        .dtype("float32")
                        .build();
        List<MergeProblem> warnings = Collections.synchronizedList(new ArrayList<>());
        Listener listener =
                new Listener() {
                    @Override
                    public void warning(MergeProblem warning) {
                        warnings.add(warning);
                    }
                };
        try (Models models = door.open()) {
            models.plan(outer).write(Path.of("out"), RunSettings.defaults().listener(listener));
        }
        return warnings;
    }

    @Test
    void aNanOfAFileIsReportedForTheModelThatHoldsIt() {
        TinyModel broken = TinyModel.llama(3, 40, false, 5);
        broken.data(Q)[7] = Float.NaN;
        broken.write(folder.resolve("broken"), "F32");

        List<MergeProblem> warnings =
                warnings(
                        Recipe.merge("linear")
                                .model("broken", p -> p.set("weight", 1))
                                .model("base", p -> p.set("weight", 1))
                                .build());

        assertThat(warnings)
                .singleElement()
                .asString()
                .contains("broken: holds NaN or infinity: '%s' (1 of its values)".formatted(Q));
    }

    @Test
    void whatAnInnerRecipeMakesInfiniteIsNoFaultOfAModel() {
        List<MergeProblem> warnings =
                warnings(
                        Recipe.merge("linear")
                                .model("chat", p -> p.set("weight", 1e39))
                                .model("code", p -> p.set("weight", 1e39))
                                .parameter("normalize", false)
                                .build());

        assertThat(warnings)
                .singleElement()
                .asString()
                .contains("results that are NaN or infinite")
                .contains("of its inputs none");
    }
}
