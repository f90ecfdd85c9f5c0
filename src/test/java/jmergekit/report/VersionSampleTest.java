package jmergekit.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import jmergekit.plan.Plan;
import jmergekit.plan.Source;
import jmergekit.plan.TaskInput;
import jmergekit.plan.TensorTask;
import jmergekit.plan.Values;
import jmergekit.plan.Work;
import jmergekit.report.VersionSample.Versions;
import jmergekit.shards.Sharding;
import jmergekit.tensor.DType;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;
import org.junit.jupiter.api.Test;

/// Which of very many tensors are compared.
class VersionSampleTest {
    private final List<Versions> versions = new ArrayList<>();
    private final List<TensorTask> tasks = new ArrayList<>();

    private void add(String name) {
        TensorSpec spec = new TensorSpec(name, DType.F32, Shape.of(1));
        Source source = new Source.Given(spec, Values.zeros(1));
        versions.add(new Versions(name, List.of("a", "b"), false, List.of(source, source)));
        tasks.add(new TensorTask(spec, List.of(new TaskInput(0, source)), new Work.Copy()));
    }

    private List<String> fewer(long elements) {
        Plan plan =
                Plan.of(
                        List.of("a", "b"),
                        tasks,
                        Sharding.safetensors(1 << 20)
                                .layout(tasks.stream().map(TensorTask::output).toList()));
        return VersionSample.fewer(versions, TensorPlaces.of(plan), elements).stream()
                .map(Versions::tensor)
                .toList();
    }

    private void addLayers() {
        for (int layer = 0; layer < 2; layer++) {
            String prefix = "model.layers." + layer + ".mlp.";
            for (int expert = 0; expert < 8; expert++) {
                add(prefix + "experts." + expert + ".up_proj.weight");
            }
            add(prefix + "gate.weight");
        }
    }

    @Test
    void ofExpertsOfALayerTheFirstAreTaken() {
        addLayers();

        assertThat(fewer(2 * 4096 * 10))
                .containsExactly(
                        "model.layers.0.mlp.experts.0.up_proj.weight",
                        "model.layers.0.mlp.experts.1.up_proj.weight",
                        "model.layers.0.mlp.gate.weight",
                        "model.layers.1.mlp.experts.0.up_proj.weight",
                        "model.layers.1.mlp.experts.1.up_proj.weight",
                        "model.layers.1.mlp.gate.weight");
    }

    @Test
    void everyPartOfEveryLayerIsTakenOnceAtLeast() {
        addLayers();

        assertThat(fewer(1)).hasSize(4);
    }

    @Test
    void allAreTakenIfThereIsRoom() {
        addLayers();

        assertThat(fewer(2 * 4096 * 18)).hasSize(18);
    }
}
