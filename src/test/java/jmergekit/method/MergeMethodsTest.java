package jmergekit.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Optional;
import jmergekit.fixture.WordyMerge;
import org.junit.jupiter.api.Test;

class MergeMethodsTest {
    private static final MergeMethods MORE = MergeMethods.builtIn().with(new WordyMerge());

    @Test
    void everyMethodOfTheRoomIsInTheList() {
        List<String> classes =
                new ClassFileImporter()
                                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                                .importPackages("jmergekit.method")
                                .stream()
                                .filter(c -> c.isAssignableTo(MergeMethod.class))
                                .filter(c -> !c.isInterface())
                                .filter(c -> !c.isAssignableTo(SteppedMethod.class))
                                .filter(c -> !c.getModifiers().contains(JavaModifier.ABSTRACT))
                                .map(JavaClass::getSimpleName)
                                .toList();

        List<String> listed =
                MergeMethods.builtIn().all().stream()
                        .map(m -> m.plain().getClass().getSimpleName())
                        .toList();
        assertThat(classes).containsAll(listed);
        assertThat(classes.stream().filter(c -> !listed.contains(c)))
                .as("merge methods that need a line in MergeMethods.java")
                .isEmpty();
    }

    @Test
    void moreMethodsCanBeGivenWhichAreFoundByName() {
        assertThat(MORE.named("wordy").map(MergeMethod::plain))
                .containsInstanceOf(WordyMerge.class);
        assertThat(MORE.named("ties")).isPresent();
        assertThat(MORE.names()).isSorted().contains("wordy", "ties");
        assertThat(MORE.haveParameter("levels")).isTrue();
    }

    @Test
    void theBuiltInOnesStayAsTheyAre() {
        assertThat(MORE.all()).hasSize(MergeMethods.builtIn().all().size() + 1);
        assertThat(MergeMethods.builtIn().named("wordy")).isEmpty();
        assertThat(MergeMethods.builtIn().haveParameter("levels")).isFalse();
    }

    @Test
    void aSecondMethodOfTheSameNameIsRefused() {
        assertThatThrownBy(() -> MORE.with(new WordyMerge()))
                .hasMessage("two merge methods named 'wordy'");
        assertThatThrownBy(() -> MORE.with(new TiesMerge()))
                .hasMessage("two merge methods named 'ties'");
    }

    @Test
    void theKindOfAParameterIsWhatTheMethodSaysOrElseAnother() {
        Optional<MethodInfo> linear = Optional.of(new LinearMerge().info());

        assertThat(MORE.kind(linear, "normalize")).contains(Param.Kind.FLAG);
        assertThat(MORE.kind(linear, "mode")).contains(Param.Kind.WORD);
        assertThat(MORE.kind(linear, "nobody_has_it")).isEmpty();
    }

    @Test
    void aMethodThatDoesNotComeWithTheProgramHasAPageWithoutAnExample() {
        String page = MethodText.page(new WordyMerge().info());

        assertThat(page)
                .contains("mode    the merge   dot       cosine or dot", "each query or key")
                .doesNotContain("Example");
    }
}
