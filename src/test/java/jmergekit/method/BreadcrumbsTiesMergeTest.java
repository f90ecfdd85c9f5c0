package jmergekit.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class BreadcrumbsTiesMergeTest implements MiddleSelectionContract, ElectionContract {
    @Override
    public MergeMethod method() {
        return new BreadcrumbsTiesMerge();
    }

    @Test
    void droppedChangesHaveNoVote() {
        float[] merged =
                new MergeCase(method())
                        .base(0, 0, 0, 0)
                        .model(Map.of("weight", 1.0, "density", 0.5, "gamma", 0.25), 9, 3, 2, 1)
                        .model(Map.of("weight", 1.0, "density", 1.0), -1, -4, -1, -2)
                        .merge();

        // Left of the first are (0, 3, 2, 0).
        assertThat(merged).containsExactly(-1, -4, 2, -2);
    }
}
