package jmergekit;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import com.tngtech.archunit.lang.syntax.elements.GivenMembersConjunction;
import java.io.IOException;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.net.URLClassLoader;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinTask;
import java.util.regex.Pattern;
import java.util.stream.BaseStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// Keeps the rooms apart: which may depend on which, and which may do what. The rules are also
/// shown code that breaks them.
class ArchitectureTest {
    /// The root package: what programs may use of jmergekit.
    private static final String DOOR = "jmergekit";

    /// From the bottom up: a room may depend on those before it.
    private static final List<String> ROOMS =
            List.of(
                    "problem",
                    "tensor",
                    "threads",
                    "pagecache",
                    "weights",
                    "safetensors",
                    "torchfile",
                    "shards",
                    "s3",
                    "publish",
                    "hub",
                    "remote",
                    "model",
                    "arch",
                    "tile",
                    "primitive",
                    "source",
                    "cpu",
                    "cuda",
                    "djl",
                    "linalg",
                    "decoder",
                    "search",
                    "page",
                    "method",
                    "plugin",
                    "config",
                    "tokenizer",
                    "plan",
                    "planner",
                    "engine",
                    "compare",
                    "lora",
                    "moe",
                    "recipes",
                    "transplant",
                    "output",
                    "report",
                    "history",
                    "stages",
                    "schema",
                    "manual",
                    DOOR,
                    "cluster",
                    "spark",
                    "evaluate",
                    "statistics",
                    "evolve",
                    "cli");

    /// What only some rooms may do, in words, and the rule that says so.
    private record Power(String name, ArchRule rule) {
        static Power using(String name, DescribedPredicate<JavaClass> what, String... rooms) {
            return new Power(name, noClassesOutside(rooms).should().dependOnClassesThat(what));
        }

        static Power calling(String name, DescribedPredicate<JavaAccess<?>> what, String... rooms) {
            return new Power(name, noClassesOutside(rooms).should().accessTargetWhere(what));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static final List<Power> POWERS =
            List.of(
                    Power.calling("mapping files", member(FileChannel.class, "map"), "weights"),
                    Power.using("HTTP", resideInAPackage("java.net.http.."), "hub", "evaluate"),
                    Power.using("the AWS SDK", resideInAPackage("software.amazon.awssdk.."), "s3"),
                    Power.using("vectors", resideInAPackage("jdk.incubator.vector.."), "tile"),
                    Power.using(
                            "native code",
                            oneOf(Linker.class, SymbolLookup.class),
                            "cuda",
                            "pagecache"),
                    Power.using("YAML", resideInAPackage("org.snakeyaml.."), "config"),
                    Power.using("dense matrices", resideInAPackage("org.ejml.."), "linalg"),
                    Power.using("Spark", resideInAPackage("org.apache.spark.."), "spark"),
                    Power.using("options", resideInAPackage("picocli.."), "cli"),
                    Power.calling(
                            "making threads (a shutdown hook is one)",
                            member(Thread.class, JavaConstructor.CONSTRUCTOR_NAME),
                            "threads",
                            "publish",
                            "cli"),
                    Power.calling(
                            "starting threads",
                            member(Thread.class, "start", "startVirtualThread")
                                    .or(member(Thread.class, "ofVirtual", "ofPlatform")),
                            "threads"),
                    Power.using(
                            "pools of threads",
                            oneOf(
                                    CompletableFuture.class,
                                    Executor.class,
                                    Executors.class,
                                    ForkJoinTask.class,
                                    Timer.class),
                            "threads"),
                    Power.calling(
                            "parallel streams",
                            member(BaseStream.class, "parallel")
                                    .or(member(Collection.class, "parallelStream")),
                            "threads"),
                    Power.calling(
                            "the console",
                            member(System.class, "in", "out", "err")
                                    .or(member(Throwable.class, "printStackTrace").and(bare())),
                            "cli",
                            "spark",
                            "tokenizer.child"),
                    Power.using(
                            "starting processes",
                            oneOf(ProcessBuilder.class),
                            "tokenizer",
                            "evaluate"),
                    Power.calling(
                            "starting processes in the old way",
                            member(Runtime.class, "exec"),
                            "tokenizer"),
                    Power.calling(
                            "ending the process",
                            member(System.class, "exit").or(member(Runtime.class, "exit", "halt")),
                            "cli"),
                    Power.using("loading classes", oneOf(URLClassLoader.class), "plugin"),
                    Power.calling("exceptions that say nothing", makingBareException()));

    private static final JavaClasses PROGRAM =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("jmergekit");

    /// In sources: a class file catches every Throwable in each `try (…)` too.
    private static final Pattern CATCHING_ALL =
            Pattern.compile("catch\\s*\\([^)]*\\b(Throwable|Error)\\b");

    @Test
    void everyClassIsInARoom() {
        assertThat(PROGRAM).isNotEmpty();
        assertThat(PROGRAM.stream().filter(c -> !ROOMS.contains(roomOf(c)))).isEmpty();
    }

    @Test
    void roomsDependOnThoseBeforeThem() {
        classes().should(dependInOrderOf(ROOMS)).check(PROGRAM);
    }

    @Test
    void thePageListsTheRoomsInTheirOrder() throws IOException {
        List<String> listed =
                Pattern.compile("^\\| `(\\w+)` \\|", Pattern.MULTILINE)
                        .matcher(Files.readString(Path.of("docs", "concepts", "architecture.md")))
                        .results()
                        .map(row -> row.group(1))
                        .toList();

        assertThat(listed).isEqualTo(ROOMS);
    }

    @ParameterizedTest
    @FieldSource("ROOMS")
    void aRoomSaysWhatItHolds(String room) throws IOException {
        Path root = Path.of("src", "main", "java", "jmergekit");
        Path file = (room.equals(DOOR) ? root : root.resolve(room)).resolve("package-info.java");

        assertThat(Files.readString(file)).startsWith("///").contains("NullMarked\npackage");
    }

    @Test
    void everyRoomHoldsSomething() {
        List<String> used = PROGRAM.stream().map(ArchitectureTest::roomOf).distinct().toList();

        assertThat(used).containsAll(ROOMS);
    }

    @Test
    void dependingOnALaterRoomIsFound() {
        ArchRule upsideDown = classes().should(dependInOrderOf(ROOMS.reversed()));

        assertThat(upsideDown.evaluate(PROGRAM).hasViolation()).isTrue();
    }

    @Test
    void theDoorShowsNothingOfTheRooms() {
        codeUnitsOfTheDoor().should(nameOnlyTypesOf("java.", DOOR)).check(PROGRAM);
        fieldsOfTheDoor().should(nameOnlyTypesOf("java.", DOOR)).check(PROGRAM);
    }

    @Test
    void typesOfRoomsInTheDoorAreFound() {
        ArchRule narrow = codeUnitsOfTheDoor().should(nameOnlyTypesOf("java.lang"));

        assertThat(narrow.evaluate(PROGRAM).hasViolation()).isTrue();
    }

    private static GivenMembersConjunction<JavaCodeUnit> codeUnitsOfTheDoor() {
        return codeUnits().that(areSeenFromOutside());
    }

    private static GivenMembersConjunction<JavaField> fieldsOfTheDoor() {
        return fields().that(areSeenFromOutside());
    }

    private static DescribedPredicate<JavaMember> areSeenFromOutside() {
        return describe(
                "are seen from outside",
                m ->
                        m.getOwner().getPackageName().equals(DOOR)
                                && isOpen(m.getOwner().getModifiers())
                                && isOpen(m.getModifiers()));
    }

    private static boolean isOpen(Set<JavaModifier> modifiers) {
        return modifiers.contains(JavaModifier.PUBLIC)
                || modifiers.contains(JavaModifier.PROTECTED);
    }

    private static ArchCondition<JavaMember> nameOnlyTypesOf(String... packages) {
        return new ArchCondition<>("name only types of " + List.of(packages)) {
            @Override
            public void check(JavaMember member, ConditionEvents events) {
                Set<JavaClass> types = new HashSet<>(member.getAllInvolvedRawTypes());
                if (member instanceof JavaCodeUnit unit) {
                    types.addAll(unit.getExceptionTypes());
                }
                for (JavaClass type : types) {
                    JavaClass named = type.getBaseComponentType();
                    String room = named.getPackageName();
                    boolean allowed =
                            named.isPrimitive()
                                    || Stream.of(packages)
                                            .anyMatch(p ->
                                                    p.equals(DOOR)
                                                            ? room.equals(DOOR)
                                                            : room.startsWith(p));
                    if (!allowed) {
                        events.add(
                                SimpleConditionEvent.violated(
                                        member,
                                        member.getFullName() + " names " + named.getName()));
                    }
                }
            }
        };
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("jmergekit.(**)").should().beFreeOfCycles().check(PROGRAM);
    }

    @ParameterizedTest
    @FieldSource("POWERS")
    void powersStayInTheirRooms(Power power) {
        power.rule().check(PROGRAM);
    }

    @ParameterizedTest
    @FieldSource("POWERS")
    void powersElsewhereAreFound(Power power) {
        JavaClasses breaking = new ClassFileImporter().importClasses(RuleBreaker.class);

        assertThat(power.rule().evaluate(breaking).hasViolation()).isTrue();
    }

    /// Two rooms share DJL: `tokenizer.child` has its tokenizers, `linalg` the rest.
    @Test
    void tensorLibraryStaysInItsRooms() {
        DescribedPredicate<JavaClass> all = resideInAPackage("ai.djl..");
        DescribedPredicate<JavaClass> tokenizers = resideInAPackage("ai.djl.huggingface..");

        noClassesOutside("tokenizer.child").should().dependOnClassesThat(tokenizers).check(PROGRAM);
        noClassesOutside("linalg")
                .should()
                .dependOnClassesThat(all.and(not(tokenizers)))
                .check(PROGRAM);
    }

    @Test
    void nobodyCatchesThrowable() throws IOException {
        List<Path> sources;
        try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
            sources = files.filter(f -> f.toString().endsWith(".java")).toList();
        }

        assertThat(sources).isNotEmpty();
        assertThat(sources)
                .allSatisfy(s -> assertThat(s).content().doesNotContainPattern(CATCHING_ALL));
    }

    @Test
    void catchingThrowableIsFound() {
        assertThat("} catch (Throwable t) {").containsPattern(CATCHING_ALL);
        assertThat("} catch (IOException | Error e) {").containsPattern(CATCHING_ALL);
        assertThat("} catch (IOException e) { // Error").doesNotContainPattern(CATCHING_ALL);
    }

    private static ArchCondition<JavaClass> dependInOrderOf(List<String> rooms) {
        return new ArchCondition<>("depend on their own room and those before it") {
            @Override
            public void check(JavaClass origin, ConditionEvents events) {
                for (Dependency dependency : origin.getDirectDependenciesFromSelf()) {
                    JavaClass target = dependency.getTargetClass().getBaseComponentType();
                    if ((target.getPackageName() + ".").startsWith("jmergekit.")
                            && rooms.indexOf(roomOf(target)) > rooms.indexOf(roomOf(origin))) {
                        events.add(
                                SimpleConditionEvent.violated(
                                        dependency, dependency.getDescription()));
                    }
                }
            }
        };
    }

    private static String roomOf(JavaClass c) {
        String[] names = c.getPackageName().split("\\.");
        return names.length > 1 ? names[1] : DOOR;
    }

    private static GivenClassesConjunction noClassesOutside(String... rooms) {
        String[] packages =
                Stream.of(rooms).map(r -> "jmergekit." + r + "..").toArray(String[]::new);
        return noClasses().that(not(resideInAnyPackage(packages)));
    }

    private static DescribedPredicate<JavaClass> oneOf(Class<?>... types) {
        return describe(
                "is one of " + List.of(types), c -> Stream.of(types).anyMatch(c::isAssignableTo));
    }

    /// A field, method or constructor of a class or its subclasses.
    private static DescribedPredicate<JavaAccess<?>> member(Class<?> owner, String... names) {
        Set<String> wanted = Set.of(names);
        return describe(
                owner.getSimpleName() + " " + wanted,
                a ->
                        wanted.contains(a.getTarget().getName())
                                && a.getTargetOwner().isAssignableTo(owner));
    }

    private static DescribedPredicate<JavaAccess<?>> bare() {
        return describe(
                "without arguments",
                a ->
                        a.getTarget() instanceof CodeUnitAccessTarget called
                                && called.getRawParameterTypes().isEmpty());
    }

    /// Constructors of the general exceptions, but for those that the constructors of their
    /// subclasses call.
    private static DescribedPredicate<JavaAccess<?>> makingBareException() {
        return describe(
                "makes a Throwable, Exception, RuntimeException or Error",
                a ->
                        a.getTarget().getName().equals(JavaConstructor.CONSTRUCTOR_NAME)
                                && Stream.of(
                                                Throwable.class,
                                                Exception.class,
                                                RuntimeException.class,
                                                Error.class)
                                        .anyMatch(a.getTargetOwner()::isEquivalentTo)
                                && !a.getOriginOwner().isAssignableTo(Throwable.class));
    }
}
