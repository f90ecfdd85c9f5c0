package jmergekit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.stream.Stream;
import jmergekit.problem.ExitCode;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Severity;
import org.junit.jupiter.api.Test;

class MergeFailedExceptionTest {
    @Test
    void ofASerialisedOneTheMessageIsLeft() throws Exception {
        MergeFailedException thrown = thrown(Problem.input("chat", "does not exist"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(thrown);
        }
        try (ObjectInputStream in =
                new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            MergeFailedException read = (MergeFailedException) in.readObject();

            assertThat(read).hasMessage(thrown.getMessage());
            assertThat(read.problems()).isEmpty();
        }
    }

    @Test
    void onlyTheRecipeIsBlamedOnTheRecipe() {
        assertThat(Stream.of(ExitCode.values()).map(MergeFailedExceptionTest::kind))
                .containsExactly(
                        MergeProblem.Kind.OTHER,
                        MergeProblem.Kind.OTHER,
                        MergeProblem.Kind.RECIPE,
                        MergeProblem.Kind.INPUT,
                        MergeProblem.Kind.OUTPUT,
                        MergeProblem.Kind.OTHER);
    }

    private static MergeProblem.Kind kind(ExitCode code) {
        Problem problem =
                new Problem(Severity.ERROR, code, "somewhere", "wrong", null, null, null, null);
        return MergeProblem.of(problem).kind();
    }

    private static MergeFailedException thrown(Problem problem) {
        try {
            MergeFailedException.translate(() -> {
                throw new MergeException(problem);
            });
            throw new AssertionError("nothing was thrown");
        } catch (MergeFailedException e) {
            return e;
        }
    }
}
