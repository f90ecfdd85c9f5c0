package jmergekit.tile;

/// The module `jdk.incubator.vector` in this process, loaded if the command line did not ask for it.
///
/// With `--add-modules` the JVM prints a warning on every run that no option silences, and gives up
/// its archived module graph. So `java -jar` goes without, and the module is loaded here by the
/// JDK's own way of loading a system module late; the jar's manifest exports that package to us.
final class VectorModule {
    private static final String NAME = "jdk.incubator.vector";

    private VectorModule() {}

    /// Whether the command line asked for the module.
    static boolean isAtHand() {
        return ModuleLayer.boot().findModule(NAME).isPresent();
    }

    /// Whether classes that use the Vector API can be loaded; loads the module if need be.
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
            // No such module in this Java, or we were not started from our jar.
            return false;
        }
    }
}
