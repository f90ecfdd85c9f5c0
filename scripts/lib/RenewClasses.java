import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/// Rewrites jars whose classes are in the Java 5 class file format, such as picocli's: `java
/// RenewClasses.java JAR...`
///
/// The JVM's start-up cache takes no class of so old a format, since its verifier needs the whole
/// program. The JVM loads and verifies such classes again in every run, which is most of the start-up
/// time. From Java 8's format on, a class carries what the verifier needs; it is computed here.
public final class RenewClasses {
    private static final int JAVA_8 = 52;

    private final ZipFile jar;
    private final ClassFile format;

    RenewClasses(ZipFile jar) {
        this.jar = jar;
        this.format = format(jar);
    }

    public static void main(String[] jars) throws IOException {
        for (String jar : jars) {
            renew(Path.of(jar));
        }
    }

    private static void renew(Path jar) throws IOException {
        Path renewed = Files.createTempFile(jar.toAbsolutePath().getParent(), ".renewed", ".jar");
        try {
            if (writeRenewed(jar, renewed)) {
                Files.setPosixFilePermissions(renewed, Files.getPosixFilePermissions(jar));
                // A start-up cache fits jars of one time only, and two processes may do this at once.
                Files.setLastModifiedTime(renewed, Files.getLastModifiedTime(jar));
                Files.move(renewed, jar, StandardCopyOption.ATOMIC_MOVE);
            }
        } finally {
            Files.deleteIfExists(renewed);
        }
    }

    /// Returns whether any class was rewritten.
    private static boolean writeRenewed(Path jar, Path into) throws IOException {
        boolean changed = false;
        try (ZipFile old = new ZipFile(jar.toFile());
                ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(into))) {
            RenewClasses classes = new RenewClasses(old);
            for (ZipEntry entry : Collections.list(old.entries())) {
                byte[] written = classes.renewed(entry);
                changed |= isOldClass(entry, classes.bytes(entry));
                ZipEntry copy = new ZipEntry(entry.getName());
                copy.setTimeLocal(entry.getTimeLocal());
                out.putNextEntry(copy);
                out.write(written);
                out.closeEntry();
            }
        }
        return changed;
    }

    /// The entry's bytes, in Java 8's format if it is an older class.
    byte[] renewed(ZipEntry entry) throws IOException {
        byte[] bytes = bytes(entry);
        return isOldClass(entry, bytes) ? renewed(format, bytes) : bytes;
    }

    private byte[] bytes(ZipEntry entry) throws IOException {
        try (InputStream in = jar.getInputStream(entry)) {
            return in.readAllBytes();
        }
    }

    private static boolean isOldClass(ZipEntry entry, byte[] bytes) {
        // The low byte of the major version.
        return entry.getName().endsWith(".class") && bytes[7] < JAVA_8;
    }

    private static byte[] renewed(ClassFile format, byte[] old) {
        ClassModel model = format.parse(old);
        ClassTransform version =
                (builder, element) -> {
                    if (element instanceof ClassFileVersion) {
                        builder.withVersion(JAVA_8, 0);
                    } else {
                        builder.with(element);
                    }
                };
        // Methods that are merely copied would not get stack maps.
        return format.transformClass(
                model,
                ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL).andThen(version));
    }

    private static ClassFile format(ZipFile jar) {
        return ClassFile.of(
                ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                ClassFile.ConstantPoolSharingOption.NEW_POOL,
                ClassFile.ClassHierarchyResolverOption.of(
                        ClassHierarchyResolver.ofResourceParsing(name -> open(jar, name))
                                .orElse(ClassHierarchyResolver.defaultResolver())
                                .cached()));
    }

    private static InputStream open(ZipFile jar, ClassDesc name) {
        String descriptor = name.descriptorString();
        ZipEntry entry = jar.getEntry(descriptor.substring(1, descriptor.length() - 1) + ".class");
        try {
            return entry == null ? null : jar.getInputStream(entry);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
