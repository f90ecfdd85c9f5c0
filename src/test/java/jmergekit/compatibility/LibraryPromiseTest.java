package jmergekit.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jmergekit.Models;
import org.junit.jupiter.api.Test;

/// Programs that use the library keep compiling and running. The constructors of records are not
/// promised: they grow with new settings.
class LibraryPromiseTest {
    private static final Set<String> OF_OBJECTS = Set.of("equals", "hashCode", "toString");

    @Test
    void publicTypesAndMembersStay() throws Exception {
        List<String> lines = new ArrayList<>();
        for (Class<?> type : types()) {
            lines.add("%s: %s".formatted(name(type), type(type)));
            members(type).forEach(m -> lines.add("%s: %s".formatted(name(type), m)));
        }

        assertThat(lines).hasSizeGreaterThan(50);
        Promise.check("library", lines.stream().map(LibraryPromiseTest::shorter).toList());
    }

    private static List<Class<?>> types() throws IOException, URISyntaxException {
        Path classes =
                Path.of(Models.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (Stream<Path> files = Files.list(classes.resolve("jmergekit"))) {
            List<Class<?>> types = new ArrayList<>();
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                String name = file.getFileName().toString().replace(".class", "");
                if (!name.equals("package-info")) {
                    types.add(load("jmergekit." + name));
                }
            }
            types.removeIf(t -> !isPublic(t));
            return types;
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, Models.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isPublic(Class<?> type) {
        return !type.isAnonymousClass()
                && !type.isLocalClass()
                && Modifier.isPublic(type.getModifiers())
                && (type.getEnclosingClass() == null || isPublic(type.getEnclosingClass()));
    }

    private static String type(Class<?> type) {
        StringBuilder text = new StringBuilder(type.toGenericString());
        Type superclass = type.getGenericSuperclass();
        if (superclass != null
                && superclass != Object.class
                && !type.isRecord()
                && !type.isEnum()) {
            text.append(" extends ").append(superclass.getTypeName());
        }
        if (type.getGenericInterfaces().length > 0) {
            text.append(type.isInterface() ? " extends " : " implements ")
                    .append(
                            Arrays.stream(type.getGenericInterfaces())
                                    .map(Type::getTypeName)
                                    .collect(Collectors.joining(", ")));
        }
        return text.toString().replace("strictfp ", "");
    }

    private static List<String> members(Class<?> type) {
        List<String> members = new ArrayList<>();
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (isPromised(type, constructor) && !type.isRecord()) {
                members.add(constructor.toGenericString());
            }
        }
        for (Method method : type.getDeclaredMethods()) {
            if (isPromised(type, method) && !OF_OBJECTS.contains(method.getName())) {
                members.add(own(type, method.toGenericString()));
            }
        }
        for (Field field : type.getDeclaredFields()) {
            if (isPromised(type, field)) {
                members.add(own(type, field.toGenericString()));
            }
        }
        return members;
    }

    /// A member without the name of its type in front.
    private static String own(Class<?> type, String member) {
        return member.replace(" " + type.getTypeName() + ".", " ");
    }

    private static boolean isPromised(Class<?> type, Member member) {
        int modifiers = member.getModifiers();
        boolean inherited =
                Modifier.isProtected(modifiers) && !Modifier.isFinal(type.getModifiers());
        return !member.isSynthetic() && (Modifier.isPublic(modifiers) || inherited);
    }

    private static String name(Class<?> type) {
        return type.getName().replaceFirst("^jmergekit\\.", "").replace('$', '.');
    }

    private static String shorter(String line) {
        return line.replace('$', '.')
                .replaceAll("\\bjava\\.(?:lang|util|util\\.function|nio\\.file)\\.(?=[A-Z])", "")
                .replaceAll("\\bjmergekit\\.(?=[A-Z])", "");
    }
}
