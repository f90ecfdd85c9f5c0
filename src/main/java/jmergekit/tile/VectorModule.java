package jmergekit.tile;

/// The module `jdk.incubator.vector` in this process, which is loaded if the command line did not
/// add it.
///
/// With `--add-modules` the JVM prints a warning on every run that no option suppresses, and does
/// not use its archived module graph. So `java -jar` runs without it, and the module is loaded here
/// through the JDK's internal mechanism for late loading of system modules; the jar's manifest
/// exports that package to this program.
final class VectorModule {
    private static final String NAME = "jdk.incubator.vector";

    private VectorModule() {}

    /// Whether the command line added the module.
    static boolean isAtHand() {
        return ModuleLayer.boot().findModule(NAME).isPresent();
    }

    /// Whether classes that use the Vector API can be loaded; loads the module if necessary.
    static boolean isLoaded() {
        return Loading.DONE;
    }

    private static final class Loading {
        static final boolean DONE = isAtHand() || load();
    }

    private static boolean load() {
        try {
            Class.forName("jdk.internal.module.Modules")
                    .getMethod("loadModule", String.class)
                    .invoke(null, NAME);
            return true;
        } catch (ReflectiveOperationException e) {
            // This Java has no such module, or the program was not started from its jar.
            return false;
        }
    }
}
