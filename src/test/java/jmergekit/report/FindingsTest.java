package jmergekit.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import jmergekit.compare.ModelDifference;
import jmergekit.compare.SampleSums;
import jmergekit.compare.Spectrum;
import jmergekit.compare.Sums;
import jmergekit.compare.TensorDifference;
import org.junit.jupiter.api.Test;

class FindingsTest {
    private static List<String> of(List<String> models, TensorDifference... tensors) {
        return of(new ModelDifference(models, true, List.of(tensors), List.of(), List.of()));
    }

    private static List<String> of(ModelDifference difference) {
        return Findings.of(DiffModels.of(difference)).stream().map(Findings.Finding::text).toList();
    }

    private static TensorDifference tensor(double[]... versions) {
        return SampleDifference.tensor("a.weight", 0, "a.weight", SampleSums.of(versions));
    }

    @Test
    void equalModelsAreTheSame() {
        assertThat(of(List.of("a", "b"), tensor(new double[] {1}, new double[] {1})))
                .containsExactly("b and a have byte-identical weights.");
    }

    @Test
    void equalValuesInOtherBytesAreNotCalledIdentical() {
        Sums sums = SampleSums.of(new double[] {1}, new double[] {1});
        TensorDifference tensor =
                new TensorDifference(
                        "a",
                        "default",
                        OptionalInt.empty(),
                        "a",
                        List.of("BF16", "F32"),
                        List.of(List.of(1L), List.of(1L)),
                        List.of(true, false),
                        sums,
                        List.of(Optional.empty(), Optional.empty()),
                        List.of(Optional.empty(), Optional.empty()));

        assertThat(of(List.of("a", "b"), tensor))
                .containsExactly(
                        "b has the same values as a, but different bytes: dtypes, shapes or "
                                + "signs of zeros differ.");
    }

    /// A step of bfloat16 at 1 is 1/128: of two changes one is less than half of it.
    @Test
    void changesThatRoundingTakesAwayAreTold() {
        TensorDifference tensor = tensor(new double[] {1, 1}, new double[] {1.001, 1.5});

        assertThat(of(List.of("a", "b"), tensor))
                .anySatisfy(text ->
                        assertThat(text).startsWith("Of the elements changed in b, 50.0 % "));
    }

    @Test
    void changesInTheSameDirectionAreTold() {
        TensorDifference tensor = tensor(new double[] {1}, new double[] {2}, new double[] {3});

        assertThat(of(List.of("a", "b", "c"), tensor))
                .anySatisfy(text ->
                        assertThat(text)
                                .startsWith("b and c changed in similar directions (cosine 1.000)"))
                .noneSatisfy(text -> assertThat(text).contains("opposite"));
    }

    @Test
    void unrelatedChangesAreTold() {
        TensorDifference tensor =
                tensor(new double[] {1, 1}, new double[] {2, 1}, new double[] {1, 2});

        assertThat(of(List.of("a", "b", "c"), tensor))
                .anySatisfy(
                        text -> assertThat(text).contains("unrelated directions (cosine 0.000)"));
    }

    /// Four matrices whose change two directions hold whole, of many sampled rows.
    @Test
    void changesOfLowRankAreTold() {
        List<TensorDifference> tensors = new ArrayList<>();
        Optional<Spectrum> spectrum = Optional.of(new Spectrum(64, 1.1, List.of(0.9, 1.0)));
        for (int i = 0; i < 4; i++) {
            TensorDifference plain = tensor(new double[] {1}, new double[] {2});
            tensors.add(
                    new TensorDifference(
                            "t" + i,
                            plain.module(),
                            plain.layer(),
                            plain.part(),
                            plain.dtypes(),
                            plain.shapes(),
                            plain.isIdentical(),
                            plain.sums(),
                            List.of(Optional.empty(), spectrum),
                            plain.rows()));
        }

        assertThat(of(List.of("a", "b"), tensors.toArray(TensorDifference[]::new)))
                .anySatisfy(text ->
                        assertThat(text)
                                .startsWith(
                                        "In 4 of 4 matrices, 2 directions hold 99 % of the "
                                                + "change in b"));
    }

    @Test
    void otherVocabulariesAskForAUnion() {
        ModelDifference.Change change = new ModelDifference.Change("<x>", "", "7");
        ModelDifference.FileDifference file =
                new ModelDifference.FileDifference(1, "tokenizer", List.of(change), 1);
        ModelDifference difference =
                new ModelDifference(List.of("a", "b"), false, List.of(), List.of(), List.of(file));

        assertThat(of(difference))
                .containsExactly(
                        "b: 1 difference in tokenizer: <x>. To keep all tokens, merge them with "
                                + "'tokenizer: {source: union}'.");
    }
}
