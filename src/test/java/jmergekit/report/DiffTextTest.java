package jmergekit.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DiffTextTest {
    /// The base is (3, 4, 3, 4, 5, 5), whose norm is 10; the first model differs from it by (3, 4), the second
    /// by 5 and (-3, -4).
    @Test
    void theTextSaysWhatChangedAndWhatStandsOut() {
        assertThat(DiffText.text(SampleDifference.usual()))
                .isEqualTo(
                        """
                        base      models/base
                        compared  3 tensors with 6 elements

                               change  cosine  norm ratio  unchanged  signs flipped  headroom  identical
                        math   0.5000  0.9449       1.323     66.7 %          0.0 %  8.0 bits     2 of 3
                        words  0.7071  0.8029       1.183     50.0 %          0.0 %  8.5 bits     0 of 3

                                        cosine  cosine of changes  sign conflict
                        math and words  0.6069            -0.7071        100.0 %

                        largest changes in math
                          course   ▁█  0 in layer 0, 1.000 in layer 1
                          layers   1 (1.000)
                          parts    mlp.up_proj (0.7071)
                          tensors  model.layers.1.mlp.up_proj.weight (1.000)

                        largest changes in words
                          course   ██  1.000 in layer 0, 1.000 in layer 1
                          layers   0 (1.000), 1 (1.000)
                          parts    mlp.up_proj (1.000)
                          tensors  model.layers.0.mlp.up_proj.weight (1.000), model.layers.1.mlp.up_proj.weight (1.000)
                          tokens   ''dog'?' (0.2500)

                        ! 1 tensor could not be compared: lm_head.weight (only in some).
                        - math changed by 50.0 % of the norm of base; 2 of 3 tensors are byte-identical. Of the squared
                          change, 100.0 % is in mlp.
                        - words changed by 70.7 % of the norm of base; none of 3 tensors are byte-identical. Of the squared
                          change, 100.0 % is in mlp.
                        - math and words changed in opposite directions (cosine -0.707): a sum of both changes partly
                          cancels them.
                        - Of the elements changed in both math and words, 100.0 % changed in opposite directions (unrelated
                          changes: 50 %); 'ties' and methods derived from it resolve each conflict by a vote.
                        - words: 1 difference in config.json: rope_theta.
                        """);
    }

    @Test
    void valuesThatAreNotFiniteAreWarnedOf() {
        assertThat(DiffText.text(SampleDifference.notFinite()))
                .startsWith("first     a\n")
                .contains("\n! b has 3 NaN and 1 infinite values in 1 tensor: x.");
    }

    @Test
    void hostileNamesDoNothingToATerminal() {
        String text = "\u001b[31m\u202e\u009b\r\n" + "x".repeat(10_000);
        String shown = DiffText.text(SampleDifference.hostile(text));

        assertThat(shown.replace("\n", ""))
                .doesNotContainPattern("[\\x00-\\x1f\\x7f-\\x9f\\u202a-\\u202e]");
        assertThat(shown.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(400));
    }

    @Test
    void theTextOfALargeModelIsShort() {
        assertThat(DiffText.text(SampleDifference.large(3)).lines()).hasSizeLessThan(40);
        assertThat(DiffText.text(SampleDifference.large(12)).lines())
                .hasSizeLessThan(66)
                .contains("… and 3 models in --html and --json")
                .contains("… and 49 pairs in --html and --json");
    }
}
