package jmergekit;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jdk.incubator.vector.Vector;
import org.junit.jupiter.api.Test;

/// The names of classes and methods in scripts. The JVM says nothing of a `CompileCommand` for what
/// is not there; the program is only slower.
class ScriptNamesTest {
    private static final JavaClasses CLASSES = new ClassFileImporter().importPackages("jmergekit");

    /// Sources that are compiled by the script which names them.
    private static final Path BY_SCRIPT = Path.of("src", "jmh", "java");

    private static final Path OPTIONS = Path.of("scripts", "lib", "computing.options");

    /// A class or a pattern of classes, and perhaps their methods.
    private record Name(String type, String method) {
        private static final Pattern FORM =
                Pattern.compile("\\b(jmergekit(?:\\.[a-z]+)*\\.[A-Z][\\w*]*)(?:::([\\w*]+))?");

        static List<Name> in(String text) {
            return FORM.matcher(text).results().map(Name::of).toList();
        }

        private static Name of(MatchResult found) {
            return new Name(found.group(1), found.group(2) == null ? "*" : found.group(2));
        }

        boolean exists() {
            return CLASSES.stream()
                            .filter(c -> matches(type, c.getName()))
                            .flatMap(c -> c.getMethods().stream())
                            .anyMatch(m -> matches(method, m.getName()))
                    || Files.exists(BY_SCRIPT.resolve(type.replace('.', '/') + ".java"));
        }

        boolean covers(JavaClass wanted) {
            return method.equals("*") && matches(type, wanted.getName());
        }

        private static boolean matches(String pattern, String name) {
            return name.matches(pattern.replace(".", "\\.").replace("*", ".*"));
        }
    }

    private static List<Name> named(Path file) throws IOException {
        return Name.in(Files.readString(file));
    }

    @Test
    void scriptsNameWhatIsThere() throws IOException {
        List<Path> files;
        try (Stream<Path> scripts = Files.walk(Path.of("scripts"))) {
            files =
                    Stream.concat(scripts, Stream.of(Path.of("pom.xml")))
                            .filter(Files::isRegularFile)
                            .filter(f -> !f.toString().endsWith(".pyc"))
                            .toList();
        }

        assertThat(files).contains(OPTIONS);
        assertThat(named(OPTIONS)).hasSizeGreaterThan(10);
        for (Path file : files) {
            assertThat(named(file)).as(file.toString()).allMatch(Name::exists);
        }
    }

    @Test
    void whatIsNotThereIsFound() {
        assertThat(Name.in("jmergekit.tile.VectorBf16::* jmergekit.cli.Main"))
                .hasSize(2)
                .allMatch(Name::exists);
        assertThat(
                        Name.in(
                                """
                                dontinline,jmergekit.tile.VectorDot::dot
                                dontinline,jmergekit.tile.VectorTileOps::divides
                                false,jmergekit.kernel.Vector*::*,false
                                exec java jmergekit.bench.Benches "$@"
                                """))
                .hasSize(4)
                .noneMatch(Name::exists);
    }

    /// Compiled late, vector code takes longer than a small merge.
    @Test
    void vectorCodeIsCompiledAtItsFirstUse() throws IOException {
        List<JavaClass> vectorised =
                CLASSES.stream()
                        .filter(c -> computesWithVectors(c) && isPartOfTheProgram(c))
                        .toList();

        assertThat(vectorised).hasSizeGreaterThan(4);
        for (String option : List.of("BackgroundCompilation", "CompileThresholdScaling")) {
            List<Name> names =
                    Files.readAllLines(OPTIONS).stream()
                            .filter(line -> line.contains(option + ","))
                            .flatMap(line -> Name.in(line).stream())
                            .toList();
            assertThat(vectorised)
                    .as(option)
                    .allMatch(c -> names.stream().anyMatch(n -> n.covers(c)));
        }
    }

    private static boolean computesWithVectors(JavaClass type) {
        return type.getMethodCallsFromSelf().stream()
                .anyMatch(c -> c.getTargetOwner().isAssignableTo(Vector.class));
    }

    private static boolean isPartOfTheProgram(JavaClass type) {
        return type.getSource().map(s -> s.getUri().getPath().contains("/classes/")).orElse(false);
    }
}
