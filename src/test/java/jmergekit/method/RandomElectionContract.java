package jmergekit.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Task vectors thinned out at random vote.
interface RandomElectionContract extends RandomThinningContract, ElectionContract {
    @Test
    default void droppedChangesHaveNoVote() {
        float[] up = new float[1000];
        float[] down = new float[1000];
        Arrays.fill(up, 2);
        Arrays.fill(down, -1);

        float[] merged =
                new MergeCase(method())
                        .base(new float[1000])
                        .model(Map.of("weight", 1.0, "density", 0.5), up)
                        .model(Map.of("weight", 1.0, "density", 1.0), down)
                        .set("rescale", 0)
                        .merge();

        // Where the upward change stays it wins by 2 to 1.
        assertThat(merged).contains(2, -1).containsOnly(2, -1);
    }
}
